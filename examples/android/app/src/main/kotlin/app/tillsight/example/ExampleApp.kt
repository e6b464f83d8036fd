package app.tillsight.example

import android.app.Application
import app.tillsight.Wallet
import app.tillsight.android.WalletHolder
import app.tillsight.example.push.handTokenOver
import app.tillsight.ui.member.Visit
import app.tillsight.ui.member.openVisit
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** Opens the wallet once and keeps it as long as the process: a turned phone makes a new activity. */
class ExampleApp : Application(), WalletHolder {
    private val scope = MainScope()
    private val opening = Mutex()
    private var opened: Visit? = null

    /** What a till's reader is answered for. */
    override val wallet: Wallet? get() = opened?.wallet

    /**
     * The visit; one that did not open is tried again.
     *
     * @throws app.tillsight.WalletException as `Wallet.open` says.
     */
    suspend fun visit(): Visit = opening.withLock { opened ?: open().also { opened = it } }

    private suspend fun open(): Visit =
        openVisit(this, BuildConfig.WALLET_SERVER, BuildConfig.WALLET_ROOT_KEY, "Tillsight example", scope)
            .also { handTokenOver(this, it.pushes, scope) }
}
