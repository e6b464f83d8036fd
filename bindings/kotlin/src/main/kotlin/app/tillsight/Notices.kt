package app.tillsight

import app.tillsight.core.NoticeListener
import kotlinx.coroutines.channels.Channel.Factory.UNLIMITED
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow

/**
 * What to say by notifications while nobody looks at a screen; `NoticePoster` on phones posts it. There is one
 * collector at a time: the flow of an earlier one ends when another begins.
 *
 * @param doorsADay at most so many stores in 24 hours say at their door what works there, each once a visit and
 *   only while the settlement screen is closed; 0 for none, at most 20.
 */
public fun Wallet.notices(doorsADay: UInt = 3u): Flow<Notice> = callbackFlow {
    requireOpen()
    noticed.getAndSet(channel)?.close()
    core.setNoticeListener(NoticeRelay { trySend(it) }, doorsADay)
    awaitClose { if (noticed.compareAndSet(channel, null)) core.setNoticeListener(null, 0u) }
}.buffer(UNLIMITED)

/**
 * Says nothing at the door of a store any more, or says it again. Kept with the member, and forgotten at log-out.
 *
 * @throws WalletException.SignalRefused it is no store's id.
 * @throws WalletException.NotLoggedIn nobody is logged in, or the session has ended.
 */
public suspend fun Wallet.muteStore(storeId: String, mutes: Boolean): Unit =
    call { core.muteStore(storeId, mutes) }

/** The stores at whose doors nothing is said, the one muted last first. */
public suspend fun Wallet.mutedStores(): List<MutedStore> = call { core.mutedStores() }

/**
 * Hands over by what a provider wakes this app: whenever the provider gave one (`onNewToken`), and once after each
 * start of the app; null when there is none any more. The wallet server hears of it while a member is logged in, and
 * forgets it at log-out. It is not kept on this phone.
 */
public suspend fun Wallet.setPushToken(token: PushToken?): Unit = call { core.setPushToken(token) }

/**
 * A push came (`onMessageReceived`), or the app looks by itself from time to time where none comes: asks what is under
 * way and what happened since, and tells of it by screens and notices. Returns whether anything was new. Waits for
 * the server.
 *
 * @throws WalletException.NotLoggedIn nobody is logged in, or the session has ended.
 * @throws WalletException.ServerAway the server gave no usable answer.
 */
public suspend fun Wallet.pushed(): Boolean = call { core.pushed() }

/** The core's listener of notices. */
private class NoticeRelay(private val tell: (Notice) -> Unit) : NoticeListener {
    override fun onNotice(notice: Notice) = tell(notice)
}
