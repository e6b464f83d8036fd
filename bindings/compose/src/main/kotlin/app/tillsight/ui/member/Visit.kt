package app.tillsight.ui.member

import app.tillsight.ChoiceKind
import app.tillsight.MemberAsk
import app.tillsight.Remedy
import app.tillsight.ReportKind
import app.tillsight.SettlementScreen
import app.tillsight.Wallet
import app.tillsight.WalletException
import app.tillsight.report
import app.tillsight.ui.Taps
import java.io.File
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/**
 * One wallet, what it senses while the app is visible, and what the person can do about a refusal.
 *
 * @param folder the app's own, for receipts and what the member exports.
 * @param scope what the person began ends with it, and not with a screen.
 * @param hasReader whether the phone can be held to a till's reader now.
 * @param sensing feeds the wallet until it is cancelled.
 */
class Visit(
    val wallet: Wallet,
    folder: File,
    private val scope: CoroutineScope,
    val hasReader: () -> Boolean = { false },
    private val sensing: suspend () -> Unit = {},
) : Taps {
    val screens: StateFlow<SettlementScreen> = wallet.screens
    val membership = Membership(folder, wallet, scope)
    val paying = Paying(wallet, folder.resolve("receipts"), scope)
    val pushes = Pushes(wallet)
    private val latest = MutableStateFlow<Remedy?>(null)
    private val visible = Mutex()

    /** What the person can do about the last refusal of something the person did. */
    val remedy: StateFlow<Remedy?> = latest.asStateFlow()

    /**
     * Senses until the caller's coroutine is cancelled. The one before ends first, so that its closing
     * of the screen never comes after this one's opening.
     */
    suspend fun sense(): Unit = visible.withLock {
        ask(null, null)
        try {
            wallet.screenOpened()
            // What no push came of.
            scope.launch { pushes.came() }
            sensing()
        } finally {
            withContext(NonCancellable) { wallet.screenClosed() }
        }
    }

    override fun logIn(userId: String, password: String) = tell { wallet.logIn(userId, password) }

    override fun choose(store: String) = tell { wallet.choose(store) }

    override fun deny(store: String) = tell { wallet.deny(store) }

    override fun report(store: String, method: String, kind: ReportKind) = tell { wallet.report(store, method, kind) }

    override fun register(scheme: String, linkCode: String) = tell { wallet.register(scheme, linkCode) }

    override fun type(amountMinor: Long, currency: String) = tell { ask(amountMinor, currency) }

    override fun pay(method: String) = paying.begin(method) { ask(null, null) }

    override fun refresh() = tell { wallet.refresh() }

    /** What a picture led to; a code that is refused is something the person did. */
    fun seen(refused: WalletException?) {
        latest.value = refused?.remedy
    }

    private suspend fun ask(amountMinor: Long?, currency: String?) {
        wallet.ask(MemberAsk(amountMinor, currency, ChoiceKind.ALL, hasReader()))
    }

    private fun tell(call: suspend () -> Unit) {
        scope.launch {
            latest.value = try {
                call()
                null
            } catch (error: WalletException) {
                error.remedy
            }
        }
    }
}
