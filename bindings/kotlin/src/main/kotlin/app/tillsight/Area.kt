package app.tillsight

import app.tillsight.core.AreaListener
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive

/**
 * Fetches the stores of all tiles round a place, a city for instance, so that they are known without a network:
 * what is missing whole, and of what is older than a day what has changed. What came is kept, also when the
 * coroutine is cancelled or the connection breaks, and the next call goes on from there. Only the numbers of the
 * tiles leave the phone.
 *
 * @param onProgress is told how much is here, before each question to the server and at the end, on a thread of
 *   the wallet.
 * @throws WalletException.AreaRefused it is too wide, or its stores take more bytes than the wallet was opened with.
 * @throws WalletException.ServerAway the server gave no usable answer.
 */
public suspend fun Wallet.fetchArea(area: Area, onProgress: (AreaProgress) -> Unit = {}): AreaProgress {
    val caller = currentCoroutineContext()
    val relay = AreaRelay { progress ->
        onProgress(progress)
        caller.isActive
    }
    return call { core.fetchArea(area, relay) }
}

/** The core's listener of an area's progress. */
private class AreaRelay(private val tell: (AreaProgress) -> Boolean) : AreaListener {
    override fun onProgress(progress: AreaProgress): Boolean = tell(progress)
}
