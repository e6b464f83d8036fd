// The code of docs/kotlin.md: every block there stands here, and here it compiles.
package app.example

import android.app.Application
import android.content.Context
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.graphics.Color
import app.tillsight.CameraHint
import app.tillsight.ChoiceKind
import app.tillsight.DepositAsk
import app.tillsight.DepositState
import app.tillsight.JoinAsk
import app.tillsight.MemberAsk
import app.tillsight.MethodAsk
import app.tillsight.MethodsScreen
import app.tillsight.PaymentAsk
import app.tillsight.PaymentScreen
import app.tillsight.PaymentState
import app.tillsight.PushToken
import app.tillsight.Remedy
import app.tillsight.Retry
import app.tillsight.SettlementScreen
import app.tillsight.Wallet
import app.tillsight.WalletConfig
import app.tillsight.WalletException
import app.tillsight.android.AndroidKeyStore
import app.tillsight.android.CameraPlanes
import app.tillsight.android.NoticePoster
import app.tillsight.android.NoticeText
import app.tillsight.android.Sensing
import app.tillsight.android.WalletHolder
import app.tillsight.approvePayment
import app.tillsight.beginPayment
import app.tillsight.formatted
import app.tillsight.holdToReader
import app.tillsight.notices
import app.tillsight.paymentOpen
import app.tillsight.paymentScreens
import app.tillsight.pushed
import app.tillsight.requestEmail
import app.tillsight.setPushToken
import app.tillsight.showPaymentCode
import app.tillsight.ui.TillsightTheme
import app.tillsight.ui.Tokens
import app.tillsight.ui.WalletPages
import app.tillsight.ui.member.Visit
import app.tillsight.ui.member.openVisit
import java.nio.ByteBuffer
import java.util.Locale
import java.util.UUID
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.filterNotNull
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

const val ROOT_KEY = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"

suspend fun openWallet(context: Context): Wallet {
    val config = WalletConfig(
        folder = context.filesDir.resolve("wallet").apply { mkdirs() }.path,
        serverUrl = "https://wallet.example",
        rootKey = ROOT_KEY,
        language = Locale.getDefault().language,
    )
    return Wallet.open(config, AndroidKeyStore(context))
}

suspend fun openPages(app: Application, scope: CoroutineScope): Visit =
    openVisit(app, "https://wallet.example", ROOT_KEY, "Example", scope)

@Composable
fun Shown(visit: Visit) {
    LaunchedEffect(visit) { visit.sense() }
    TillsightTheme { WalletPages(visit) }
}

@Composable
fun ShownInPurple(visit: Visit) {
    val day = Tokens.light.copy(go = Color(0xFF5B2A86), goSoft = Color(0xFFEDE3F6), goInk = Color(0xFF3D1C5A))
    val night = Tokens.dark.copy(go = Color(0xFFCDA8F0), onGo = Color(0xFF2A1140), goSoft = Color(0xFF3A2352))
    TillsightTheme(light = day, night = night) {
        WalletPages(visit)
    }
}

suspend fun logIn(wallet: Wallet, userId: String, password: String): String? = try {
    wallet.logIn(userId, password)
    null
} catch (refused: WalletException.LoginRefused) {
    "User id and password do not belong together."
} catch (away: WalletException.ServerAway) {
    "The wallet company cannot be reached. Your stores and balances are still here."
}

suspend fun sense(context: Context, wallet: Wallet): Unit = coroutineScope {
    launch { Sensing(context, wallet).run() }
    try {
        wallet.screenOpened()
        awaitCancellation()
    } finally {
        withContext(NonCancellable) { wallet.screenClosed() }
    }
}

fun draw(screen: SettlementScreen): List<String> = buildList {
    add(screen.store?.name ?: "No known store is near.")
    for (method in screen.active) add("${method.name}: ${method.balance?.formatted(Locale.getDefault()) ?: "?"}")
    for (method in screen.likely) add("${method.name} probably works: ${method.chance.low / 10u} %")
    for (method in screen.unsure) add("${method.name} may work: ${method.reason ?: method.state}")
    for (method in screen.inactive) add("x ${method.name}: ${method.reason}")
    for (scheme in screen.suggestions) add("${scheme.schemeName}: ${scheme.howToRegister}")
    addAll(screen.attributions)
}

class Camera(wallet: Wallet) {
    private val planes = CameraPlanes(wallet)

    /** With CameraX: planes[0].buffer, width, height, planes[0].rowStride and its imageInfo. */
    fun hint(luma: ByteBuffer, width: Int, height: Int, rowStride: Int, rotation: Int, takenNs: Long): String =
        when (planes.analyze(luma, width, height, rowStride, rotation, takenNs)?.hint) {
            CameraHint.TOO_DARK -> "Turn on the torch."
            CameraHint.TOO_FAR -> "Move closer."
            null -> ""
        }
}

/** The till shows a code for one payment: `code` is what was scanned, [typeCode] shows the payment and asks. */
suspend fun payAtTheTill(wallet: Wallet, code: String, typeCode: suspend (PaymentScreen) -> String): String = try {
    val method = wallet.sense(code).active.firstOrNull() ?: error("nothing works here")
    val begun = wallet.beginPayment(PaymentAsk(UUID.randomUUID().toString(), method.id))
    val known = if (begun.state == PaymentState.TO_APPROVE) wallet.approvePayment(begun.id, typeCode(begun)) else begun
    "${known.state}, then ${known.nextStep}"
} catch (refused: WalletException.PaymentRefused) {
    "Nothing was paid: ${refused.problem}"
}

/** The till scans this phone's code: [draw] shows each screen, [typeCode] asks the member to agree. */
suspend fun payByCode(
    wallet: Wallet,
    method: String,
    draw: (PaymentScreen) -> Unit,
    typeCode: suspend (PaymentScreen) -> String,
): String = try {
    val begun = wallet.showPaymentCode(PaymentAsk(UUID.randomUUID().toString(), method))
    val charged = wallet.paymentScreens.filterNotNull().onEach(draw).first { it.state !in WAITING }
    val known = if (charged.state == PaymentState.TO_APPROVE) wallet.approvePayment(begun.id, typeCode(charged)) else charged
    "${known.state}, then ${known.nextStep}"
} catch (refused: WalletException.PaymentRefused) {
    "Nothing was paid: ${refused.problem}"
}

private val WAITING = setOf(PaymentState.AWAITED, PaymentState.SHOWN)

/** The app's class of its manifest: a till's reader is answered for the wallet that it holds. */
class App : Application(), WalletHolder {
    override var wallet: Wallet? = null
}

/** The phone is held to the till's reader: [draw] shows each screen, [typeCode] asks the member to agree. */
suspend fun payContactless(
    wallet: Wallet,
    method: String,
    draw: (PaymentScreen) -> Unit,
    typeCode: suspend (PaymentScreen) -> String,
): String = try {
    wallet.paymentOpen(true)
    val begun = wallet.holdToReader(PaymentAsk(UUID.randomUUID().toString(), method))
    val charged = wallet.paymentScreens.filterNotNull().onEach(draw).first { it.state !in WAITING }
    val known = if (charged.state == PaymentState.TO_APPROVE) wallet.approvePayment(begun.id, typeCode(charged)) else charged
    "${known.state}, then ${known.nextStep}"
} catch (refused: WalletException.PaymentRefused) {
    "Nothing was paid: ${refused.problem}"
} finally {
    wallet.paymentOpen(false)
}

suspend fun deposit(wallet: Wallet, ask: DepositAsk): String = try {
    wallet.deposit(ask)
    val ended = wallet.depositScreens.mapNotNull { screen ->
        screen.deposits.find { it.id == ask.id && it.state != DepositState.PENDING }
    }.first()
    ended.reason?.let { "Nothing was taken: $it" } ?: "It is in your wallet."
} catch (refused: WalletException.DepositRefused) {
    "Nothing was sent: ${refused.problem}"
}

/** What [waitForCode] returns is what the person read in the mail; `id` must outlive the app until then. */
suspend fun join(wallet: Wallet, ask: JoinAsk, waitForCode: suspend () -> String): String = try {
    val id = wallet.join(ask)
    wallet.confirmJoin(id, waitForCode())
    wallet.logIn(ask.userId, ask.password)
    wallet.account().devices.joinToString { it.name.ifEmpty { it.system } }
} catch (refused: WalletException.RequestRefused) {
    "Please correct: ${refused.problem}"
}

/** Codes go to [email] from now on, once the person has typed the one that was sent there. */
suspend fun moveMail(wallet: Wallet, email: String, password: String, waitForCode: suspend () -> String): String = try {
    val id = wallet.requestEmail(email, password)
    wallet.confirmEmail(id, waitForCode()).profile?.email.orEmpty()
} catch (refused: WalletException.RequestRefused) {
    "Not changed: ${refused.problem}"
}

/** Deposits come from the first account or card from now on, which stands first in every list. */
suspend fun prefer(wallet: Wallet): MethodsScreen {
    val screen = wallet.methods()
    val source = screen.methods.find { it.canBeDepositSource } ?: return screen
    return wallet.changeMethod(source.id, MethodAsk(place = 0u, depositSource = true))
}

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

/** Posts what the wallet says, until the scope ends. */
fun postNotices(context: Context, wallet: Wallet, scope: CoroutineScope, icon: Int, text: NoticeText) {
    val poster = NoticePoster(context, icon, text)
    scope.launch { wallet.notices(doorsADay = 3u).collect { poster.post(it) } }
}

/** By the provider's service of the app: a new token, and a push that came; true when anything was new. */
suspend fun newPushToken(wallet: Wallet, token: String) = wallet.setPushToken(PushToken("fcm", token))

suspend fun pushCame(wallet: Wallet): Boolean = try {
    wallet.pushed()
} catch (_: WalletException.ServerAway) {
    false
}
