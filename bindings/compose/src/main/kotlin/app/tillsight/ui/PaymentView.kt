package app.tillsight.ui

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Button
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardType
import app.tillsight.PaymentScreen
import app.tillsight.PaymentState
import app.tillsight.ShownCode
import app.tillsight.formatted
import app.tillsight.ui.words.FormWords
import app.tillsight.ui.words.PaymentWords
import app.tillsight.ui.words.Words
import java.time.Instant
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import java.util.Locale

/** What the person does on the payment page. */
interface PaymentTaps {
    fun show(method: String)

    fun hold(method: String)

    fun approve(id: String, settlementCode: String)

    fun cancel(id: String)

    fun receipt(id: String)
}

/**
 * The payment page: whom, how much and with what, the code to be shown and the form to agree by.
 *
 * @param shows the names of the methods that a code can be shown for, by their ids.
 * @param holds the same for holding the phone to a reader; none where it has no NFC.
 */
@Composable
fun PaymentView(
    screen: PaymentScreen?,
    shows: Map<String, String>,
    holds: Map<String, String>,
    told: String?,
    words: FormWords,
    payment: PaymentWords,
    why: Words,
    locale: Locale,
    taps: PaymentTaps,
) = FormPage(Page.PAYMENT, told, words) {
    if (screen == null || screen.state in ENDED) {
        for ((method, name) in shows) {
            item { TextButton({ taps.show(method) }) { Text("${payment.showCode}: $name") } }
        }
        for ((method, name) in holds) {
            item { TextButton({ taps.hold(method) }) { Text("${payment.hold}: $name") } }
        }
    }
    if (screen == null) {
        item { Text(payment.scanFirst) }
        return@FormPage
    }
    item { Entry(screen.payee.ifEmpty { why.nameless }, screen.amount?.formatted(locale).orEmpty(), screen.method) }
    item {
        val reason = screen.whyNot?.let(why::why) ?: screen.reason?.let(payment::reason)
        val far = payment.elsewhere.takeIf { screen.elsewhere }
        val said = listOfNotNull(far, payment.state(screen.state), reason, payment.next(screen.nextStep).ifEmpty { null })
        // A screen reader hears how it ended without being asked.
        Text(said.joinToString(". "), Modifier.semantics { liveRegion = LiveRegionMode.Polite })
    }
    screen.code?.let { item { Code(it, payment, locale) } }
    if (screen.state == PaymentState.TO_APPROVE) item { Approve(screen, payment, taps) }
    if (screen.state == PaymentState.DONE) {
        item { TextButton({ taps.receipt(screen.id) }) { Text(payment.receipt) } }
    }
    if (screen.state in TO_CANCEL) {
        item { TextButton({ taps.cancel(screen.id) }) { Text(payment.cancel) } }
    }
}

private val ENDED =
    setOf(PaymentState.DONE, PaymentState.DECLINED, PaymentState.EXPIRED, PaymentState.CANCELLED)
private val TO_CANCEL = setOf(PaymentState.TO_APPROVE, PaymentState.AWAITED, PaymentState.SHOWN)

/** Light modules round a code. */
private const val QUIET = 4

/** The code to be scanned, dark on light also where the page is dark. */
@Composable
private fun Code(code: ShownCode, payment: PaymentWords, locale: Locale) = Column(Modifier.fillMaxWidth()) {
    val picture = Modifier.fillMaxWidth().aspectRatio(1f).semantics { contentDescription = code.text }
    Canvas(picture) {
        drawRect(Color.White)
        val module = size.width / (code.rows.size + 2 * QUIET)
        code.rows.forEachIndexed { y, row ->
            row.forEachIndexed { x, dark ->
                val corner = Offset((x + QUIET) * module, (y + QUIET) * module)
                if (dark == '1') drawRect(Color.Black, corner, Size(module, module))
            }
        }
    }
    // In groups, as it is read out, and so that large letters tear none of it apart.
    Text(code.text.chunked(4).joinToString(" "))
    val time = DateTimeFormatter.ofLocalizedTime(FormatStyle.MEDIUM).withLocale(locale)
    Text(payment.until(time.format(Instant.ofEpochMilli(code.untilMs).atZone(ZoneId.systemDefault()))))
}

@Composable
private fun Approve(screen: PaymentScreen, payment: PaymentWords, taps: PaymentTaps) = Column(Modifier.fillMaxWidth()) {
    // Not saved, and gone with the payment.
    var code by remember(screen.id) { mutableStateOf("") }
    Secret(code, { code = it }, payment.settlementCode, KeyboardType.NumberPassword)
    Button({ taps.approve(screen.id, code) }, enabled = code.isNotEmpty()) { Text(payment.pay) }
}
