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
import app.tillsight.android.BeaconSource
import app.tillsight.android.CameraPlanes
import app.tillsight.android.FixSource
import app.tillsight.android.PermissionState
import app.tillsight.android.Permissions
import java.util.Locale
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.onCompletion
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.launch

/** One wallet, what it senses while the app is visible, and what the person can do about a refusal. */
class Visit private constructor(private val context: Context, private val wallet: Wallet) {
    val screens: StateFlow<SettlementScreen> = wallet.screens
    val planes = CameraPlanes(wallet)
    private val told = MutableStateFlow<Remedy?>(null)

    /** What the person can do about the last refusal of something the person did. */
    val remedy: StateFlow<Remedy?> = told.asStateFlow()

    /** Senses until the caller's coroutine is cancelled. */
    suspend fun sense() = coroutineScope {
        val permissions = Permissions(context)
        val hasNfc = permissions.nfc() == PermissionState.READY
        wallet.ask(MemberAsk(null, null, ChoiceKind.ALL, hasNfc))
        wallet.screenOpened()
        if (permissions.location() == PermissionState.READY) {
            launch { FixSource(context).fixes().collect { quietly { wallet.sense(it) } } }
        }
        if (permissions.bluetooth() == PermissionState.READY) {
            launch {
                BeaconSource(context).reports()
                    .onStart { wallet.scanning(true) }
                    .onCompletion { wallet.scanning(false) }
                    .catch { /* the radio went off */ }
                    .collect { quietly { wallet.sense(it) } }
            }
        }
    }

    fun logIn(scope: CoroutineScope, userId: String, password: String) =
        scope.launch { tell { wallet.logIn(userId, password) } }

    fun choose(scope: CoroutineScope, store: String) = scope.launch { tell { wallet.choose(store) } }

    fun refresh(scope: CoroutineScope) = scope.launch { tell { wallet.refresh() } }

    /** What a picture led to; a code that is refused is something the person did. */
    fun seen(refused: WalletException?) {
        told.value = refused?.remedy
    }

    private suspend fun quietly(call: suspend () -> Unit) = try {
        call()
    } catch (_: WalletException) {
        // The screen stands, and the next signal is welcome.
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
