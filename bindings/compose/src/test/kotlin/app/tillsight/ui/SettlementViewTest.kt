package app.tillsight.ui

import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assert
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertHasClickAction
import androidx.compose.ui.test.assertHasNoClickAction
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isHeading
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTextReplacement
import androidx.compose.ui.unit.LayoutDirection
import app.tillsight.Place
import app.tillsight.Remedy
import app.tillsight.Scenario
import app.tillsight.SettlementScreen
import app.tillsight.Wallet
import java.nio.file.Path
import java.util.Locale
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/** The settlement screen as a person meets it: real screens of the core, drawn as the app draws them. */
@OptIn(ExperimentalTestApi::class)
class SettlementViewTest {
    @Test
    fun `what works comes first and amounts end at one edge`() = shown(inTheShop, "here") {
        val rows = listOf("Visa ..4242", "Tillsight \"balance\"", "PayPay").map(::text)
        assertEquals(rows.sortedBy { it.boundsInRoot.top }, rows, "the active method is not the first")
        val edges = listOf("€1,226.80", "€23.40", "€800.00").map { text(it).boundsInRoot.right }
        assertEquals(1, edges.toSet().size, "amounts end at $edges")
    }

    @Test
    fun `a screen reader hears the state, what is left and why not, and can jump by headings`() =
        shown(inTheShop, "spoken") {
            onNodeWithContentDescription(
                "Visa ..4242. Works here. €1,226.80. Visa: hold the phone to the till · the register, a day ago",
            ).assertExists()
            onNodeWithContentDescription(
                "Tillsight \"balance\". Does not work here. €23.40. " +
                    "the store does not take it · the register, a day ago",
            ).assertExists()
            for (heading in listOf("Libreria Esempio", "Works here", "Does not work here", "In another store?")) {
                onNodeWithText(heading).assert(isHeading())
            }
            onNodeWithText("Libreria Esempio")
                .assert(SemanticsMatcher.keyIsDefined(SemanticsProperties.LiveRegion))
        }

    @Test
    fun `only rows that lead somewhere can be tapped`() = shown(inQuestion, "tapped") {
        onNodeWithContentDescription("Old\tMastercard. Does not work here. €800.00. expired")
            .assert(hasClickAction().not())
        onNodeWithContentDescription("Caffè ☕ Esempio. Via \"Prova\" 2, 00185 Roma").performClick()
        onNodeWithText("Ask again").performClick()
        assertEquals(listOf("choose 00000000-0000-4000-8000-000000000002", "refresh"), tapped.taps)
    }

    @Test
    fun `what happened at the till is said from the row of a method, also of one that does not work`() =
        shown(inTheShop, "reporting", Setting(heightDp = 1200)) {
            val store = inTheShop.store!!.id
            val old = "Old\tMastercard. Does not work here. €800.00. expired"
            onAllNodesWithText("Cash only").assertCountEquals(0)
            onNodeWithContentDescription(old).assertHasClickAction().performClick()
            listOf("It worked", "They do not take it", "Cash only").forEach { onNodeWithText(it).assertHasClickAction() }
            picture("reporting-open")
            onNodeWithText("It worked").performClick()
            val expired = inTheShop.inactive.first { it.name == "Old\tMastercard" }.id
            assertEquals(listOf("report $store $expired WORKED"), tapped.taps)
            onAllNodesWithText("Cash only").assertCountEquals(0)
        }

    @Test
    fun `the question that tells most is answered with one tap`() = shown(choose, "question") {
        onNodeWithText("Are you in Caffè ☕ Esempio?").assertExists()
        onNodeWithText("No").performClick()
        onNodeWithText("Yes").performClick()
        val asked = "00000000-0000-4000-8000-000000000002"
        assertEquals(listOf("deny $asked", "choose $asked"), tapped.taps)
    }

    @Test
    fun `a tap on what can be registered asks for its code and hands it over`() =
        shown(nothingWorks, "registering", Setting(heightDp = 1100)) {
            val row = "Visa. " + nothingWorks.suggestions.first().howToRegister
            onAllNodesWithText("Code from its company").assertCountEquals(0)
            onNodeWithContentDescription(row).assertHasClickAction().performClick()
            onNodeWithText("Register").assertIsNotEnabled()
            onNodeWithText("Code from its company").performTextInput(" TRY-1 ")
            picture("registering-code")
            onNodeWithText("Register").performClick()
            assertEquals(listOf("register visa TRY-1"), tapped.taps)
            onAllNodesWithText("Code from its company").assertCountEquals(0)
        }

    @Test
    fun `how much is paid by a store's own code is typed in the till's currency, within the limit`() =
        shown(toType, "typing", Setting(heightDp = 1100)) {
            onNodeWithText("Type what the till asks for, €50.00 at most, then tap a method").assertExists()
            onNodeWithContentDescription("Tillsight \"balance\"", substring = true).assertHasNoClickAction()
            onNodeWithText("Set the amount").assertIsNotEnabled()
            onNodeWithText("Amount (EUR)").performTextInput("50.01")
            onNodeWithText("Set the amount").assertIsNotEnabled()
            onNodeWithText("50.01").performTextReplacement("3,2")
            onNodeWithText("Set the amount").performClick()
            assertEquals(listOf("type 320 EUR"), tapped.taps)
        }

    @Test
    fun `once it is typed how much, a tap on a method pays it`() = shown(typed, "typed", Setting(heightDp = 1100)) {
        onNodeWithText("€3.20").assertExists()
        onNodeWithContentDescription("Tillsight \"balance\"", substring = true).performClick()
        assertEquals(listOf("pay m2"), tapped.taps)
    }

    @Test
    fun `someone logged out is asked who it is, and the password is not readable`() =
        shown(loggedOut, "logged-out", remedy = Remedy.LOG_IN) {
            onNodeWithText("User id").performTextInput("hanako")
            onNodeWithText("Password").performTextInput("secret")
            val shown = onNodeWithText("Password")
                .assert(SemanticsMatcher.keyIsDefined(SemanticsProperties.Password))
                .fetchSemanticsNode().config[SemanticsProperties.EditableText].text
            assertEquals("••••••", shown)
            onNode(hasClickAction() and hasText("Log in")).performClick()
            assertEquals(listOf("logIn hanako secret"), tapped.taps)
        }

    @Test
    fun `the camera opens and closes by the button under the thumb`() = shown(inTheShop, "camera") {
        onAllNodesWithText("the camera").assertCountEquals(0)
        onNodeWithText("Scan the store's code").performClick()
        onNodeWithText("the camera").assertExists()
        onNodeWithText("Close the camera").performClick()
        onAllNodesWithText("the camera").assertCountEquals(0)
    }

    @Test
    fun `start is at the right where people read so`() =
        shown(inTheShop, "right-to-left", Setting(direction = LayoutDirection.Rtl)) {
            val (name, amount) = listOf("Old\tMastercard", "€800.00").map(::text)
            val marks = onAllNodes(hasTestTag("mark INACTIVE"), useUnmergedTree = true).fetchSemanticsNodes()
            val mark = marks.first { it.boundsInRoot.top <= name.boundsInRoot.bottom && it.boundsInRoot.bottom >= name.boundsInRoot.top }
            assertTrue(mark.boundsInRoot.left >= name.boundsInRoot.right, "the x is not at the start")
            assertTrue(amount.boundsInRoot.right <= name.boundsInRoot.left, "the amount is not at the end")
        }

    @TestFactory
    fun `every screen can be read in every setting`(): List<DynamicTest> {
        val screens = mapOf("here" to inTheShop, "nothing-works" to nothingWorks, "choose" to choose, "code" to scanned, "to-type" to toType)
        val settings = mapOf(
            "english" to Setting(heightDp = 1200),
            "japanese-dark" to Setting(Locale.JAPAN, dark = true, heightDp = 1200),
            "english-dark-large" to Setting(dark = true, fontScale = 2f, heightDp = 3000),
            "japanese-large" to Setting(Locale.JAPAN, fontScale = 2f, heightDp = 3000),
            "english-large-right-to-left" to Setting(fontScale = 2f, direction = LayoutDirection.Rtl, heightDp = 3000),
        )
        return screens.flatMap { (name, screen) ->
            settings.map { (how, setting) ->
                dynamicTest("$name $how") { shown(screen, "$name-$how", setting) { assertReadable() } }
            }
        }
    }

    private companion object {
        val inTheShop = drawn("japanese", steps = 1)
        val inQuestion = inTheShop.copy(place = Place.CHOOSE)
        val nothingWorks = drawn("japanese", steps = 2)
        val choose = drawn("position_beacon_choice", steps = 2)
        val scanned = drawn("codes_and_wifi", steps = 3)
        val toType = drawn("store_code", steps = 2)
        val typed = drawn("store_code", steps = 5)
        val loggedOut: SettlementScreen = runBlocking {
            Scenario(file("japanese")).open().use { wallet ->
                wallet.logOut()
                wallet.screens.value
            }
        }

        /** The screen that the first signals of a scenario come to. */
        fun drawn(name: String, steps: Int): SettlementScreen = runBlocking {
            val scenario = Scenario(file(name))
            scenario.open().use { wallet: Wallet ->
                scenario.steps.take(steps).map { scenario.take(wallet, it) }.last()
            }
        }

        fun file(name: String): Path = Path.of("../../tests/scenarios/$name.json")
    }
}
