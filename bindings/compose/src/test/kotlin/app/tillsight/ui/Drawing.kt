package app.tillsight.ui

import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.asSkiaBitmap
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.SemanticsNodeInteractionsProvider
import androidx.compose.ui.test.captureToImage
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.test.runDesktopComposeUiTest
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.LayoutDirection
import app.tillsight.DepositAsk
import app.tillsight.JoinAsk
import app.tillsight.MethodAsk
import app.tillsight.ProfileAsk
import app.tillsight.Remedy
import app.tillsight.ReportKind
import app.tillsight.SecretKind
import app.tillsight.SettlementScreen
import app.tillsight.UnlockLimit
import app.tillsight.ui.words.Lines
import app.tillsight.ui.words.Words
import java.nio.file.Path
import java.util.Locale
import kotlin.io.path.createDirectories
import kotlin.io.path.writeBytes
import org.jetbrains.skia.EncodedImageFormat
import org.jetbrains.skia.Image

/** How a person has set the phone. */
data class Setting(
    val locale: Locale = Locale.forLanguageTag("en-IE"),
    val dark: Boolean = false,
    val fontScale: Float = 1f,
    val direction: LayoutDirection = LayoutDirection.Ltr,
    /** Of the phone's screen, in density-independent pixels. */
    val heightDp: Int = 740,
)

/** What the person tapped, in its order. */
class Tapped : Taps, PaymentTaps, MoneyTaps, MethodTaps, AccountTaps {
    val taps = mutableListOf<String>()

    override fun logIn(userId: String, password: String) = note("logIn $userId $password")

    override fun choose(store: String) = note("choose $store")

    override fun deny(store: String) = note("deny $store")

    override fun report(store: String, method: String, kind: ReportKind) = note("report $store $method $kind")

    override fun register(scheme: String, linkCode: String) = note("register $scheme $linkCode")

    override fun refresh() = note("refresh")

    override fun type(amountMinor: Long, currency: String) = note("type $amountMinor $currency")

    override fun pay(method: String) = note("pay $method")

    override fun approve(id: String, settlementCode: String) = note("approve $id $settlementCode")

    override fun show(method: String) = note("show $method")

    override fun receipt(id: String) = note("receipt $id")

    override fun hold(method: String) = note("hold $method")

    override fun cancel(id: String) = note("cancel $id")

    override fun deposit(ask: DepositAsk) = note("deposit ${ask.sourceId} ${ask.amountMinor} ${ask.currency}")

    override fun moreHistory() = note("moreHistory")

    override fun change(method: String, ask: MethodAsk) = note("change $method $ask")

    override fun remove(method: String) = note("remove $method")

    override fun link(scheme: String, linkCode: String) = note("link $scheme $linkCode")

    override fun join(ask: JoinAsk) = note("join ${ask.userId} ${ask.settlementCode} $ask")

    override fun confirmJoin(code: String) = note("confirmJoin $code")

    override fun forgotPassword(userId: String) = note("forgotPassword $userId")

    override fun resetPassword(code: String, new: String) = note("resetPassword $code $new")

    override fun logOut() = note("logOut")

    override fun logOutDevice(device: String) = note("logOutDevice $device")

    override fun changeProfile(ask: ProfileAsk, password: String) = note("changeProfile ${ask.name} $password $ask")

    override fun changeEmail(email: String, password: String) = note("changeEmail $email $password")

    override fun confirmEmail(code: String) = note("confirmEmail $code")

    override fun changeSecret(kind: SecretKind, present: String, new: String) = note("changeSecret $kind $present $new")

    override fun setUnlockLimit(limit: UnlockLimit, settlementCode: String) =
        note("setUnlockLimit ${limit.amountMinor} ${limit.currency} ${limit.countADay} $settlementCode")

    override fun agreeToDevice(device: String, settlementCode: String) = note("agreeToDevice $device $settlementCode")

    override fun clearPositionUses() = note("clearPositionUses")

    override fun export() = note("export")

    override fun leave(password: String) = note("leave $password")

    private fun note(tap: String) {
        taps += tap
    }
}

/** A phone 360 dp wide that shows a screen. */
class Phone(test: SemanticsNodeInteractionsProvider, val tapped: Tapped, private val name: String) :
    SemanticsNodeInteractionsProvider by test {

    /** Every text that is drawn, however a screen reader groups them. */
    fun texts(): List<SemanticsNode> =
        onAllNodes(SemanticsMatcher.keyIsDefined(SemanticsProperties.Text), useUnmergedTree = true)
            .fetchSemanticsNodes()

    /** The one text that is drawn so. */
    fun text(words: String): SemanticsNode =
        onNode(hasText(words), useUnmergedTree = true).fetchSemanticsNode()

    /** The picture; for someone to look at, it is left in `target/screens`. */
    fun picture(name: String = this.name): Image {
        val drawn = Image.makeFromBitmap(onRoot().captureToImage().asSkiaBitmap())
        val file = Path.of("target/screens").createDirectories().resolve("$name.png")
        file.writeBytes(drawn.encodeToData(EncodedImageFormat.PNG)!!.bytes)
        return drawn
    }
}

/** Shows `screen` on a phone, as the app does, with words in the camera's place. */
fun shown(
    screen: SettlementScreen,
    name: String,
    setting: Setting = Setting(),
    remedy: Remedy? = null,
    body: Phone.() -> Unit,
) = drawn(name, setting, body) { tapped ->
    val lines = Lines(Words.of(setting.locale.language), setting.locale)
    SettlementView(screen, remedy, lines, tapped) { Text("the camera") }
}

/** Shows `content` on a phone. */
@OptIn(ExperimentalTestApi::class)
fun drawn(name: String, setting: Setting, body: Phone.() -> Unit, content: @Composable (Tapped) -> Unit) =
    runDesktopComposeUiTest(width = (360 * DENSITY).toInt(), height = (setting.heightDp * DENSITY).toInt()) {
        val tapped = Tapped()
        setContent {
            CompositionLocalProvider(
                LocalDensity provides Density(DENSITY, setting.fontScale),
                LocalLayoutDirection provides setting.direction,
            ) {
                TillsightTheme(setting.dark) {
                    Surface(Modifier.fillMaxSize()) { content(tapped) }
                }
            }
        }
        Phone(this, tapped, name).apply(body).picture()
    }

/** Pixels of a density-independent one, as on most phones. */
const val DENSITY = 2f
