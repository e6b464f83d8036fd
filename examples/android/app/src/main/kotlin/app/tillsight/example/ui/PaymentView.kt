package app.tillsight.example.ui

import androidx.compose.foundation.layout.Column
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
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardType
import app.tillsight.PaymentScreen
import app.tillsight.PaymentState
import app.tillsight.example.words.FormWords
import app.tillsight.example.words.PaymentWords
import app.tillsight.example.words.Words
import app.tillsight.formatted
import java.util.Locale

/** What the person does on the payment page. */
interface PaymentTaps {
    fun approve(id: String, settlementCode: String)

    fun cancel(id: String)
}

/** The payment page: whom, how much and with what, and the form to agree by. */
@Composable
fun PaymentView(
    screen: PaymentScreen?,
    told: String?,
    words: FormWords,
    payment: PaymentWords,
    why: Words,
    locale: Locale,
    taps: PaymentTaps,
) = FormPage(Page.PAYMENT, told, words) {
    if (screen == null) {
        item { Text(payment.scanFirst) }
        return@FormPage
    }
    item { Entry(screen.payee.ifEmpty { why.nameless }, screen.amount?.formatted(locale).orEmpty(), screen.method) }
    item {
        val reason = screen.whyNot?.let(why::why) ?: screen.reason?.let(payment::reason)
        val said = listOfNotNull(payment.state(screen.state), reason, payment.next(screen.nextStep).ifEmpty { null })
        // A screen reader hears how it ended without being asked.
        Text(said.joinToString(". "), Modifier.semantics { liveRegion = LiveRegionMode.Polite })
    }
    if (screen.state == PaymentState.TO_APPROVE) item { Approve(screen, payment, taps) }
    if (screen.state == PaymentState.TO_APPROVE || screen.state == PaymentState.AWAITED) {
        item { TextButton({ taps.cancel(screen.id) }) { Text(payment.cancel) } }
    }
}

@Composable
private fun Approve(screen: PaymentScreen, payment: PaymentWords, taps: PaymentTaps) = Column(Modifier.fillMaxWidth()) {
    // Not saved, and gone with the payment.
    var code by remember(screen.id) { mutableStateOf("") }
    Secret(code, { code = it }, payment.settlementCode, KeyboardType.NumberPassword)
    Button({ taps.approve(screen.id, code) }, enabled = code.isNotEmpty()) { Text(payment.pay) }
}
