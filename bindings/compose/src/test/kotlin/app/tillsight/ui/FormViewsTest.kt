package app.tillsight.ui

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.onLast
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTextReplacement
import app.tillsight.AccountScreen
import app.tillsight.DepositScreen
import app.tillsight.HistoryScreen
import app.tillsight.MethodsScreen
import app.tillsight.PositionUse
import app.tillsight.PositionUseKind
import app.tillsight.RequestProblem
import app.tillsight.Scenario
import app.tillsight.UnlockLimit
import app.tillsight.Wallet
import app.tillsight.ui.words.FormWords
import app.tillsight.ui.words.Words
import java.nio.file.Path
import java.util.Locale
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The forms as a person meets them: real screens of the core, drawn as the app draws them. */
@OptIn(ExperimentalTestApi::class)
class FormViewsTest {
    @Test
    fun `a deposit is typed in the currency's own units and asked for once a source is chosen`() =
        deposit(Setting(heightDp = 1400)) {
            onNodeWithText("Amount").performTextInput("12.345")
            onNodeWithText("Put in").assertIsNotEnabled()
            onNodeWithText("Visa ..4242  €1,226.80").performClick()
            onNodeWithText("Put in").assertIsNotEnabled()
            onNodeWithText("12.345").performTextInput("x")
            onNodeWithText("Put in").assertIsNotEnabled()
        }

    @Test
    fun `an amount that is one is put in`() = deposit(Setting(heightDp = 1400)) {
        onNodeWithText("Visa ..4242  €1,226.80").performClick()
        onNodeWithText("Amount").performTextInput("12,3")
        onNodeWithText("Put in").performClick()
        assertEquals(listOf("deposit m1 1230 EUR"), tapped.taps)
    }

    @Test
    fun `the history tells of every method what was paid, what came back of it, and that there is more`() = history(Setting()) {
        for (paid in listOf("-€42.00", "-€1.60")) onNodeWithText("Paid  Libreria \"Esempio\"  $paid").assertExists()
        for (back in listOf("€7.00", "€5.00", "€1.60")) onNodeWithText("Refund  $back").assertExists()
        onNodeWithText("Earlier").performClick()
        assertEquals(listOf("moreHistory"), tapped.taps)
    }

    @Test
    fun `a method is blocked, moved, unlinked and another is linked`() = methods(Setting(heightDp = 2000)) {
        onAllNodesWithText("Block").onFirst().performClick()
        onAllNodesWithText("Up").onFirst().performClick()
        onAllNodesWithText("Remove").onLast().performClick()
        onNodeWithText("Scheme, for instance visa").performTextInput("jcb")
        onNodeWithText("cards").performClick()
        onNodeWithText("Code from its company").performTextInput("TRY-1")
        onNodeWithText("Register").performClick()
        assertEquals(
            listOf(
                "change m1 MethodAsk(name=null, blocked=true, place=null, depositSource=null)",
                "change m2 MethodAsk(name=null, blocked=null, place=0, depositSource=null)",
                "remove m4",
                "link jcb cards:TRY-1",
            ),
            tapped.taps,
        )
    }

    @Test
    fun `who has no account fills in the form, and what it hands over prints no secret`() =
        account(loggedOut, null, Setting(heightDp = 1800)) {
            onAllNodesWithText("User id").onLast().performTextInput("anna")
            onNodeWithText("New password, 8 characters or more").performTextInput("a long secret")
            onNodeWithText("New settlement code, 6 to 12 digits").performTextInput("739158")
            onNodeWithText("Name").performTextInput("Anna")
            onNodeWithText("Address").performTextInput("Roma")
            onNodeWithText("Telephone number").performTextInput("06482917")
            onNodeWithText("Send me a code").assertIsNotEnabled()
            onNodeWithText("E-mail address").performTextInput("anna@example.org")
            onNodeWithText("Send me a code").performClick()
            val told = tapped.taps.single()
            assertTrue(told.startsWith("join anna 739158 JoinAsk"), told)
            assertTrue("a long secret" !in told && "Roma" !in told, told)
        }

    @Test
    fun `a code that was mailed is asked for`() = account(loggedOut, CodeFor.JOIN, Setting(heightDp = 1400)) {
        onNodeWithText("Code from the e-mail").performTextInput("12345678")
        onNodeWithText("Confirm").performClick()
        assertEquals(listOf("confirmJoin 12345678"), tapped.taps)
    }

    @Test
    fun `what is known of the member is changed with the password, and printed with no name`() =
        account(member, null, Setting(heightDp = 2600)) {
            onNodeWithText("+81 3 1234 5678").performTextInput("9")
            onAllNodesWithText("Present password").onFirst().performTextInput("a secret")
            onAllNodesWithText("Change").onFirst().performClick()
            val told = tapped.taps.single()
            assertTrue(told.startsWith("changeProfile 花子 \"Hana\" 山田 a secret ProfileAsk"), told)
            assertTrue("山田" !in told.substringAfter("ProfileAsk"), told)
        }

    @Test
    fun `a code goes to another address, and is asked for`() {
        account(member, null, Setting(heightDp = 2600)) {
            onNodeWithText("New e-mail address").performTextInput(" hana@example.com ")
            onAllNodesWithText("Present password")[1].performTextInput("a secret")
            onNodeWithText("Send me a code").performClick()
            assertEquals(listOf("changeEmail hana@example.com a secret"), tapped.taps)
        }
        account(member, CodeFor.EMAIL, Setting(heightDp = 2600)) {
            onNodeWithText("Code from the e-mail").performTextInput("12345678")
            onNodeWithText("Confirm").performClick()
            assertEquals(listOf("confirmEmail 12345678"), tapped.taps)
        }
    }

    @Test
    fun `another device is logged out from the list, and this phone by its own button`() =
        account(member, null, Setting(heightDp = 2600)) {
            onAllNodesWithText("Log out").onFirst().performClick()
            onAllNodesWithText("Log out").onLast().performClick()
            assertEquals(listOf("logOutDevice b2", "logOut"), tapped.taps)
        }

    @Test
    fun `what the unlocked phone pays is set in the currency's own units with the code`() =
        account(member, null, Setting(heightDp = 3000)) {
            onNodeWithText("10.00").performTextReplacement("12,3")
            onNodeWithText("Set the limit").assertIsNotEnabled()
            onAllNodesWithText("Present settlement code")[1].performTextInput("739158")
            onNodeWithText("Set the limit").performClick()
            onNodeWithText("12,3").performTextReplacement("12.345")
            onNodeWithText("Set the limit").assertIsNotEnabled()
            assertEquals(listOf("setUnlockLimit 1230 EUR 3 739158"), tapped.taps)
        }

    @Test
    fun `another device is let pay with the code`() = account(member, null, Setting(heightDp = 3000)) {
        onNodeWithText("Let it pay").assertIsNotEnabled()
        onAllNodesWithText("Present settlement code").onFirst().performTextInput("739158")
        onNodeWithText("Let it pay").performClick()
        assertEquals(listOf("agreeToDevice b2 739158"), tapped.taps)
    }

    @Test
    fun `whether pushes come is told on the account page`() = account(member, null, Setting(heightDp = 3400)) {
        onNodeWithText(FormWords.of("en").pushes(true)).assertExists()
        assertNotEquals(FormWords.of("en").pushes(true), FormWords.of("en").pushes(false))
    }

    @Test
    fun `what told where the phone is can be read and forgotten`() = account(member, null, Setting(heightDp = 3400)) {
        onNodeWithText("Stores of the map were fetched · within 2731 m · as nobody").assertExists()
        onNodeWithText("Forget these").performClick()
        assertEquals(listOf("clearPositionUses"), tapped.taps)
    }

    @Test
    fun `the forms can be read in Japanese and large`() {
        val large = Setting(Locale.JAPAN, fontScale = 2f, heightDp = 8000)
        deposit(large) { assertWhole() }
        history(large) { assertWhole() }
        methods(large) { assertWhole() }
        account(loggedOut, null, large) { assertWhole() }
        account(member, CodeFor.EMAIL, large) { assertWhole() }
    }

    private fun deposit(setting: Setting, body: Phone.() -> Unit) = drawn("deposit", setting, body) {
        DepositView(deposits, null, setting.words(), setting.why(), setting.locale, it)
    }

    private fun history(setting: Setting, body: Phone.() -> Unit) = drawn("history", setting, body) {
        HistoryView(history.rows, history.after != null, null, setting.words(), setting.locale, it)
    }

    private fun methods(setting: Setting, body: Phone.() -> Unit) = drawn("methods", setting, body) {
        val told = setting.words().refused(RequestProblem.OPERATOR_DOWN)
        MethodsView(methods, listOf("bank", "cards"), told, setting.words(), setting.why(), setting.locale, it)
    }

    private fun account(screen: AccountScreen, awaited: CodeFor?, setting: Setting, body: Phone.() -> Unit) =
        drawn("account-${screen.server}", setting, body) {
            val uses = listOf(PositionUse(0, PositionUseKind.TILES, false, 2731u, null))
            AccountView(screen, awaited, UnlockLimit(1000, "EUR", 3u), true, uses, null, setting.words(), setting.why(), it)
        }

    private fun Setting.words() = FormWords.of(locale.language)

    private fun Setting.why() = Words.of(locale.language)

    private companion object {
        val deposits: DepositScreen = of("deposits") { it.deposits() }
        val history: HistoryScreen = of("history") { it.history() }
        val methods: MethodsScreen = of("methods") { it.methods() }
        val member: AccountScreen = of("account") { it.account() }
        val loggedOut: AccountScreen = of("account") {
            it.logOut()
            it.account()
        }

        fun <T> of(scenario: String, call: suspend (Wallet) -> T): T = runBlocking {
            Scenario(Path.of("../../tests/scenarios/$scenario.json")).open().use { call(it) }
        }
    }
}
