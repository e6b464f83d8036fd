package app.tillsight.example

import android.content.Context
import app.tillsight.ChoiceKind
import app.tillsight.MemberAsk
import app.tillsight.Remedy
import app.tillsight.SettlementScreen
import app.tillsight.Wallet
import app.tillsight.WalletConfig
import app.tillsight.WalletException
import app.tillsight.android.AndroidKeyStore
import app.tillsight.android.CameraPlanes
import app.tillsight.android.PermissionState
import app.tillsight.android.Permissions
import app.tillsight.android.Sensing
import java.util.Locale
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/** One wallet, what it senses while the app is visible, and what the person can do about a refusal. */
class Visit private constructor(private val context: Context, private val wallet: Wallet) {
    val screens: StateFlow<SettlementScreen> = wallet.screens
    val planes = CameraPlanes(wallet)
    private val told = MutableStateFlow<Remedy?>(null)

    /** What the person can do about the last refusal of something the person did. */
    val remedy: StateFlow<Remedy?> = told.asStateFlow()

    /** Senses until the caller's coroutine is cancelled. */
    suspend fun sense() {
        val hasNfc = Permissions(context).nfc() == PermissionState.READY
        wallet.ask(MemberAsk(null, null, ChoiceKind.ALL, hasNfc))
        wallet.screenOpened()
        try {
            Sensing(context, wallet).run()
        } finally {
            withContext(NonCancellable) { wallet.screenClosed() }
        }
    }

    fun logIn(scope: CoroutineScope, userId: String, password: String) =
        scope.launch { tell { wallet.logIn(userId, password) } }

    fun choose(scope: CoroutineScope, store: String) = scope.launch { tell { wallet.choose(store) } }

    fun register(scope: CoroutineScope, scheme: String, linkCode: String) =
        scope.launch { tell { wallet.register(scheme, linkCode) } }

    fun refresh(scope: CoroutineScope) = scope.launch { tell { wallet.refresh() } }

    /** What a picture led to; a code that is refused is something the person did. */
    fun seen(refused: WalletException?) {
        told.value = refused?.remedy
    }

    private suspend fun tell(call: suspend () -> Unit) = try {
        call()
        told.value = null
    } catch (error: WalletException) {
        told.value = error.remedy
    }

    companion object {
        suspend fun open(context: Context): Visit {
            val config = WalletConfig(
                folder = context.filesDir.resolve("wallet").apply { mkdirs() }.path,
                serverUrl = BuildConfig.WALLET_SERVER,
                language = Locale.getDefault().language,
            )
            return Visit(context, Wallet.open(config, AndroidKeyStore(context)))
        }
    }
}
