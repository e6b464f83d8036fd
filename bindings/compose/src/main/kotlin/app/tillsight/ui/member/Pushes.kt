package app.tillsight.ui.member

import app.tillsight.PushToken
import app.tillsight.Wallet
import app.tillsight.WalletException
import app.tillsight.pushed
import app.tillsight.setPushToken
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow

/** What a provider wakes this app for: that there is something new, and nothing of what. */
class Pushes(private val wallet: Wallet) {
    private val reached = MutableStateFlow(false)

    /** Whether a provider gave a token, so that pushes can come. */
    val reaches: StateFlow<Boolean> = reached.asStateFlow()

    /** The provider gave a token: whenever it is a new one, and once after each start. */
    suspend fun token(token: String) {
        wallet.setPushToken(PushToken("fcm", token))
        reached.value = true
    }

    /**
     * A push came, or the app was opened: what it is of comes by screens and notices.
     *
     * @return whether anything was new; nothing is while nobody is logged in or the server is away.
     */
    suspend fun came(): Boolean = try {
        wallet.pushed()
    } catch (_: WalletException) {
        false
    }
}
