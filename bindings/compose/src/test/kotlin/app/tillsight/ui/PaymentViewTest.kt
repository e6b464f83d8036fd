package app.tillsight.ui

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.assertHasNoClickAction
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performTextInput
import app.tillsight.PaymentAsk
import app.tillsight.PaymentScreen
import app.tillsight.Scenario
import app.tillsight.SettlementScreen
import app.tillsight.Wallet
import app.tillsight.approvePayment
import app.tillsight.beginPayment
import app.tillsight.showPaymentCode
import app.tillsight.ui.words.FormWords
import app.tillsight.ui.words.PaymentWords
import app.tillsight.ui.words.Words
import java.nio.file.Path
import java.util.Locale
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** The payment as a person meets it: real screens of the core, drawn as the app draws them. */
@OptIn(ExperimentalTestApi::class)
class PaymentViewTest {
    @Test
    fun `a method is tapped once the code of a payment was scanned`() = shown(scanned, "scanned") {
        onNodeWithContentDescription("Tillsight \"balance\". Works here", substring = true).performClick()
        onNodeWithContentDescription("Old\tMastercard", substring = true).assertHasNoClickAction()
        assertEquals(listOf("pay m2"), tapped.taps)
    }

    @Test
    fun `payee and amount are shown before the code is typed, and a tap agrees once`() = payment(toApprove, Setting()) {
        onNodeWithText("Libreria Esempio  €5.00").assertExists()
        onNodeWithText("Pay").assertIsNotEnabled()
        onNodeWithText("Settlement code").performTextInput("739158")
        onNodeWithText("Pay").performClick()
        onNodeWithText("Give up").performClick()
        assertEquals(listOf("approve $ID 739158", "cancel $ID"), tapped.taps)
    }

    @Test
    fun `a code is shown to the till with its end, and can be given up`() = payment(shown, Setting()) {
        onNodeWithContentDescription(checkNotNull(shown.code).text).assertExists()
        onNodeWithText("Good until", substring = true).assertExists()
        onNodeWithText("Show a code to the till: Balance").assertDoesNotExist()
        onNodeWithText("Give up").performClick()
        assertEquals(listOf("cancel $SHOWN"), tapped.taps)
    }

    @Test
    fun `where nothing is being paid a tap shows a code or holds the phone to the till`() = payment(null, Setting()) {
        onNodeWithText("Show a code to the till: Balance").performClick()
        onNodeWithText("Hold the phone to the till: Balance").performClick()
        assertEquals(listOf("show m2", "hold m2"), tapped.taps)
    }

    @Test
    fun `what is paid has a receipt to keep and asks for nothing any more`() = payment(done, Setting()) {
        onNodeWithText("Paid").assertExists()
        onNodeWithText("Keep the receipt").performClick()
        assertEquals(listOf("receipt $ID"), tapped.taps)
        onNodeWithText("Give up").assertDoesNotExist()
        onNodeWithText("Pay").assertDoesNotExist()
    }

    @Test
    fun `the payment can be read in Japanese and large`() {
        val large = Setting(Locale.JAPAN, fontScale = 2f, heightDp = 3000)
        payment(toApprove, large) { assertWhole() }
        payment(shown, large) { assertWhole() }
        payment(null, large) { assertWhole() }
    }

    private fun payment(screen: PaymentScreen?, setting: Setting, body: Phone.() -> Unit) =
        drawn("payment-${screen?.state}", setting, body) {
            val language = setting.locale.language
            val (words, payment) = FormWords.of(language) to PaymentWords.of(language)
            PaymentView(screen, OWN, OWN, null, words, payment, Words.of(language), setting.locale, it)
        }

    private companion object {
        val OWN = mapOf("m2" to "Balance")
        const val ID = "0191d2a4-7c1e-7000-8000-000000000001"
        const val SHOWN = "0191d2a4-7c1e-7000-8000-000000000006"
        val scenario = Scenario(Path.of("../../tests/scenarios/payments.json"))
        val scanned: SettlementScreen = of { it.screens.value }
        val toApprove: PaymentScreen = of { it.beginPayment(PaymentAsk(ID, "m2")) }
        val shown: PaymentScreen = of { it.showPaymentCode(PaymentAsk(SHOWN, "m2")) }
        val done: PaymentScreen = of {
            it.beginPayment(PaymentAsk(ID, "m2"))
            it.approvePayment(ID, "739158")
        }

        /** Once the code of the scenario was scanned. */
        fun <T> of(call: suspend (Wallet) -> T): T = runBlocking {
            val scan = scenario.steps.first { "scan" in it }
            scenario.open().use {
                scenario.json(it, scan)
                call(it)
            }
        }
    }
}
