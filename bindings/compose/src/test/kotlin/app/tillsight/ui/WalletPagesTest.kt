package app.tillsight.ui

import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.runDesktopComposeUiTest
import app.tillsight.Reversed
import app.tillsight.Wallet
import app.tillsight.WalletConfig
import app.tillsight.mailedTo
import app.tillsight.person
import app.tillsight.ui.member.Visit
import java.nio.file.Files
import java.util.Locale
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable

/** All pages over one wallet, as an app shows them with one line, and the servers of `cargo xtask kotlin`. */
@OptIn(ExperimentalTestApi::class)
@EnabledIfEnvironmentVariable(named = "TILLSIGHT_SERVER", matches = "http.+")
class WalletPagesTest {
    @Test
    fun `every page opens by its button and shows what the server knows of the member`() = paged { _ ->
        onNodeWithText("Scan", substring = true).assertDoesNotExist()
        onNodeWithText("Methods").performClick()
        comes("Link another")
        onNodeWithText("History").performClick()
        comes("Nothing has moved yet")
        onNodeWithText("Account").performClick()
        comes("pages-carla")
        onNodeWithText("Deposit").performClick()
        comes("Link an account or a card first")
        onNodeWithText("Payment").performClick()
        comes("Scan the code at the till")
        onNodeWithText("Store").performClick()
        comes("No known store is near")
    }

    /** One of these words comes, as part of a text, within the time that the servers may take. */
    private fun ComposeUiTest.comes(vararg words: String) = waitUntil(timeoutMillis = LONGEST_MS) {
        words.any { onAllNodes(hasText(it, substring = true)).fetchSemanticsNodes().isNotEmpty() }
    }

    private fun paged(body: ComposeUiTest.(Wallet) -> Unit) {
        val scope = CoroutineScope(Dispatchers.Default)
        val folder = Files.createTempDirectory("tillsight-test").toFile()
        val config = WalletConfig(
            folder.resolve("wallet").apply { mkdirs() }.path, System.getenv("TILLSIGHT_SERVER"), System.getenv("TILLSIGHT_ROOT_KEY"), "en",
        )
        val person = person("pages-carla", PASSWORD)
        val wallet = runBlocking {
            Wallet.open(config, Reversed).apply {
                confirmJoin(join(person), mailedTo(person.email))
                logIn(person.userId, PASSWORD)
            }
        }
        wallet.use {
            val visit = Visit(it, folder, scope)
            runDesktopComposeUiTest {
                setContent { TillsightTheme { WalletPages(visit, Locale.forLanguageTag("en-IE")) } }
                body(it)
            }
            scope.cancel()
        }
    }

    private companion object {
        const val PASSWORD = "seven tin whistles"

        /** The servers are on this machine. */
        const val LONGEST_MS = 20_000L
    }
}
