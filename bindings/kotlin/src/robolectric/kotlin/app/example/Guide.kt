// The code of docs/kotlin.md: every block there stands here, and here it compiles.
package app.example

import android.content.Context
import app.tillsight.BeaconReport
import app.tillsight.Fix
import app.tillsight.MemberAsk
import app.tillsight.ChoiceKind
import app.tillsight.Remedy
import app.tillsight.Retry
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
import app.tillsight.formatted
import java.util.Locale
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.onCompletion
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.launch

suspend fun openWallet(context: Context): Wallet {
    val config = WalletConfig(
        folder = context.filesDir.resolve("wallet").apply { mkdirs() }.path,
        serverUrl = "https://wallet.example",
        language = Locale.getDefault().language,
    )
    return Wallet.open(config, AndroidKeyStore(context))
}

suspend fun logIn(wallet: Wallet, userId: String, password: String): String? = try {
    wallet.logIn(userId, password)
    null
} catch (refused: WalletException.LoginRefused) {
    "User id and password do not belong together."
} catch (away: WalletException.ServerAway) {
    "The wallet company cannot be reached. Your stores and balances are still here."
}

class Visit(private val context: Context, private val wallet: Wallet) {
    private val permissions = Permissions(context)

    /** Feeds the wallet while the screen is visible; cancel the scope when it no longer is. */
    fun sense(scope: CoroutineScope) {
        scope.launch { fixes().collect { fix -> attempt { wallet.sense(fix) } } }
        scope.launch { beacons().collect { report -> attempt { wallet.sense(report) } } }
    }

    private fun fixes(): Flow<Fix> = when (permissions.location()) {
        PermissionState.READY -> FixSource(context).fixes()
        else -> emptyFlow()
    }

    private fun beacons(): Flow<BeaconReport> = when (permissions.bluetooth()) {
        PermissionState.READY -> BeaconSource(context).reports()
            .onStart { wallet.scanning(true) }
            .onCompletion { wallet.scanning(false) }
            .catch { /* the radio went off */ }
        else -> emptyFlow()
    }

    private suspend fun attempt(call: suspend () -> Unit) = try {
        call()
    } catch (refused: WalletException.SignalRefused) {
        // The screen stands, and the next signal is welcome.
    }
}

fun draw(screen: SettlementScreen): List<String> = buildList {
    add(screen.store?.name ?: "No known store is near.")
    for (method in screen.active) add("${method.name}: ${method.balance?.formatted(Locale.getDefault()) ?: "?"}")
    for (method in screen.unsure) add("${method.name} may work: ${method.reason}")
    for (method in screen.inactive) add("x ${method.name}: ${method.reason}")
    for (scheme in screen.suggestions) add("${scheme.schemeName}: ${scheme.howToRegister}")
    addAll(screen.attributions)
}

fun camera(wallet: Wallet) = CameraPlanes(wallet)

suspend fun pay(wallet: Wallet, minor: Long): SettlementScreen =
    wallet.ask(MemberAsk(minor, "EUR", ChoiceKind.ALL, phoneHasNfc = true))

suspend fun refresh(wallet: Wallet) {
    try {
        wallet.refresh()
    } catch (error: WalletException) {
        when (val retry = error.retry) {
            is Retry.After -> delay(retry.delay)
            Retry.NextSignal, Retry.Never -> Unit
        }
        if (error.remedy == Remedy.LOG_IN) askForLogIn()
    }
}

private fun askForLogIn() = Unit
