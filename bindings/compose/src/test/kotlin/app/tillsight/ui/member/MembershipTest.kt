package app.tillsight.ui.member

import app.tillsight.DepositAsk
import app.tillsight.KeyStore
import app.tillsight.MethodAsk
import app.tillsight.ProfileAsk
import app.tillsight.RequestProblem
import app.tillsight.ServerState
import app.tillsight.UnlockLimit
import app.tillsight.Wallet
import app.tillsight.WalletConfig
import app.tillsight.WalletException
import app.tillsight.mailedTo
import app.tillsight.person
import app.tillsight.ui.CodeFor
import app.tillsight.ui.Page
import java.nio.file.Files
import java.util.UUID
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Assume.assumeTrue
import org.junit.Test

/** What the forms do, against the servers that `cargo xtask kotlin` starts. */
class MembershipTest {
    private val folder = Files.createTempDirectory("tillsight-test").toFile()

    @Test
    fun `a code that was mailed is still asked for after the app was closed, and ends in a membership`() =
        withForms { wallet, forms ->
            val person = person("forms-anna", PASSWORD)
            forms.join(person)
            forms.awaited.becomes { it == CodeFor.JOIN }
            val reopened = Membership(folder, wallet, scope)
            assertEquals(CodeFor.JOIN, reopened.awaited.value)
            reopened.confirmJoin(mailedTo(person.email))
            reopened.awaited.becomes { it == null }
            reopened.logIn(person.userId, PASSWORD)
            assertEquals("forms-anna", reopened.account.becomes { it?.server == ServerState.LIVE }?.userId)

            reopened.changeProfile(ProfileAsk("Anna Verdi", "Via Cavour 9", "+39 06 482918"), PASSWORD)
            reopened.account.becomes { it?.profile?.name == "Anna Verdi" }
            reopened.changeEmail("anna@forms.example", PASSWORD)
            reopened.awaited.becomes { it == CodeFor.EMAIL }
            reopened.confirmEmail(mailedTo("anna@forms.example"))
            reopened.account.becomes { it?.profile?.email == "anna@forms.example" }
            reopened.export()
            val file = folder.resolve("my-data.json")
            withTimeout(LONGEST_MS) { while (!file.exists() || "Via Cavour 9" !in file.readText()) Thread.sleep(20) }

            reopened.open(Page.ACCOUNT)
            val limit = reopened.limit.becomes { it != null }!!
            assertEquals(0L to 0u, limit.amountMinor to limit.countADay)
            reopened.setUnlockLimit(UnlockLimit(500, limit.currency, 2u), person.settlementCode)
            assertEquals(2u, reopened.limit.becomes { it?.amountMinor == 500L }?.countADay)

            reopened.open(Page.METHODS)
            assertTrue("bank" in reopened.operators.becomes { it.isNotEmpty() })
            reopened.link("visa", "cards:TRY-5518-CARD-2604")
            val card = reopened.methods.becomes { it != null && it.methods.size == 2 }!!.methods.last()
            reopened.change(card.id, MethodAsk(blocked = true))
            reopened.methods.becomes { it!!.methods.last().isBlocked }
            reopened.remove(card.id)
            reopened.methods.becomes { it!!.methods.size == 1 }
            reopened.leave(PASSWORD)
            reopened.account.becomes { it?.server == ServerState.LOGGED_OUT }
        }

    @Test
    fun `a push is answered also where nobody is logged in, and with a token pushes reach the app`() =
        withForms { wallet, _ ->
            val pushes = Pushes(wallet)
            assertEquals(false to false, pushes.came() to pushes.reaches.value)
            pushes.token("a-token-of-the-example-app")
            assertEquals(true, pushes.reaches.value)
            wallet.logIn("hanako", "correct horse battery staple")
            val source = wallet.depositScreens.value.sources.first { it.reason == null && it.balance?.currency == "EUR" }
            val ask = DepositAsk(UUID.randomUUID().toString(), source.id, 100, "EUR")
            wallet.deposit(ask)
            withTimeout(LONGEST_MS) { while (!pushes.came()) yield() }
            assertTrue(wallet.depositScreens.value.deposits.any { it.id == ask.id })
        }

    @Test
    fun `a refusal is told beside the forms until something succeeds`() = withForms { _, forms ->
        forms.join(person("forms-berta", "password1"))
        val refused = forms.refused.becomes { it != null } as WalletException.RequestRefused
        assertEquals(RequestProblem.WEAK_PASSWORD, refused.problem)
        assertEquals(null, forms.awaited.value)
        forms.open(Page.DEPOSIT)
        forms.refused.becomes { it == null }
    }

    private val scope = CoroutineScope(Dispatchers.Default)

    private fun withForms(body: suspend (Wallet, Membership) -> Unit) {
        val server = System.getenv("TILLSIGHT_SERVER").orEmpty()
        assumeTrue("no server was started for the tests", server.isNotEmpty())
        val config = WalletConfig(folder.resolve("wallet").apply { mkdirs() }.path, server, System.getenv("TILLSIGHT_ROOT_KEY"), "en")
        runBlocking {
            Wallet.open(config, Open).use {
                body(it, Membership(folder, it, scope))
                scope.cancel()
            }
        }
    }

    private suspend fun <T> StateFlow<T>.becomes(wanted: (T) -> Boolean): T =
        withTimeout(LONGEST_MS) { first(wanted) }

    /** Seals nothing: what is tested is what the forms do. */
    private object Open : KeyStore {
        override fun seal(secret: ByteArray) = secret

        override fun open(sealed: ByteArray) = sealed

        override fun forget() = Unit
    }

    private companion object {
        const val PASSWORD = "seven tin whistles"

        /** The servers are on this machine. */
        const val LONGEST_MS = 20_000L
    }
}
