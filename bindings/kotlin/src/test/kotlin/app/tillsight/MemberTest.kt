package app.tillsight

import java.security.KeyPairGenerator
import java.security.spec.ECGenParameterSpec
import java.util.UUID
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable

/** A membership from its beginning to its end, against the servers that `cargo xtask kotlin` starts. */
@EnabledIfEnvironmentVariable(named = "TILLSIGHT_SERVER", matches = "http.+")
class MemberTest {
    private val server: String = System.getenv("TILLSIGHT_SERVER")
    private val rootKey: String = System.getenv("TILLSIGHT_ROOT_KEY")

    private fun onAPhone(body: suspend (Wallet) -> Unit) = runBlocking {
        Wallet.open(config(server = server, rootKey = rootKey), Reversed).use { body(it) }
    }

    private suspend fun Wallet.becomes(userId: String) {
        val person = person(userId, PASSWORD)
        val id = join(person)
        confirmJoin(id, mailedTo(person.email))
        logIn(userId, PASSWORD)
    }

    @Test
    fun `a person joins, logs in and is on the account screen with this phone`() = onAPhone { wallet ->
        assertEquals(ServerState.LOGGED_OUT, wallet.account().server)
        val weak = refused { wallet.join(person("kotlin-anna", "password1")) }
        assertEquals(RequestProblem.WEAK_PASSWORD, weak)
        val id = wallet.join(person("kotlin-anna", PASSWORD))
        assertEquals(RequestProblem.CODE_REFUSED, refused { wallet.confirmJoin(id, "00000000") })
        wallet.confirmJoin(id, mailedTo("kotlin-anna@example.org"))
        wallet.logIn("kotlin-anna", PASSWORD)
        val account = wallet.account()
        assertEquals(ServerState.LIVE, account.server)
        assertEquals("kotlin-anna" to "Anna Bianchi", account.userId to account.profile?.name)
        assertEquals(listOf(true), account.devices.map { it.isThis && it.isLoggedIn })
    }

    @Test
    fun `the profile changes with the password, and the address with a code sent there`() = onAPhone { wallet ->
        wallet.becomes("kotlin-berta")
        val moved = ProfileAsk("Berta Verdi", "Via Cavour 9", "+39 06 482918")
        assertEquals(RequestProblem.WRONG_SECRET, refused { wallet.changeProfile(moved, "wrong") })
        assertEquals("Berta Verdi", wallet.changeProfile(moved, PASSWORD).profile?.name)
        val id = wallet.requestEmail("berta@example.com", PASSWORD)
        assertEquals(RequestProblem.CODE_REFUSED, refused { wallet.confirmEmail(id, "00000000") })
        val account = wallet.confirmEmail(id, mailedTo("berta@example.com"))
        assertEquals("berta@example.com", account.profile?.email)
    }

    @Test
    fun `a device is logged out from another, and who leaves is forgotten`() = onAPhone { wallet ->
        wallet.becomes("kotlin-carla")
        onAPhone { lost ->
            lost.logIn("kotlin-carla", PASSWORD)
            val other = wallet.account().devices.first { !it.isThis }
            val left = wallet.logOutDevice(other.id).devices
            assertFalse(left.any { it.id == other.id && it.isLoggedIn }, "$left")
            assertThrows(WalletException.NotLoggedIn::class.java) { runBlocking { lost.refresh() } }
        }
        assertTrue("Via Merulana 1" in wallet.exportData())
        wallet.leave(PASSWORD)
        assertEquals(ServerState.LOGGED_OUT, wallet.account().server)
        assertThrows(WalletException.LoginRefused::class.java) {
            runBlocking { wallet.logIn("kotlin-carla", PASSWORD) }
        }
    }

    @Test
    fun `an account is linked at one of the operators, and money comes from it`() = onAPhone { wallet ->
        wallet.becomes("kotlin-dora")
        val bank = wallet.operators().first { it == "bank" }
        wallet.register("bancomat", "$bank:TRY-1845-BANK-2604")
        val account = wallet.methods().methods.first { it.canBeDepositSource }
        assertTrue(account.isDepositSource, "the only account is not what deposits come from")
        val ask = DepositAsk(UUID.randomUUID().toString(), account.id, 100, account.balance!!.currency)
        wallet.deposit(ask)
        val ended = withTimeout(20_000) {
            wallet.depositScreens.first { it.deposits.single().state != DepositState.PENDING }
        }
        assertEquals(DepositState.DONE, ended.deposits.single().state, "${ended.deposits}")
        assertEquals(RequestProblem.WALLET_NOT_EMPTY, refused { wallet.leave(PASSWORD) })
    }

    @Test
    fun `a key of the key store is set by the settlement code, and a malformed one is not`() = onAPhone { wallet ->
        wallet.becomes("kotlin-emma")
        val curve = ECGenParameterSpec("secp256r1")
        val key = KeyPairGenerator.getInstance("EC").apply { initialize(curve) }.generateKeyPair()
        val code = person("kotlin-emma", PASSWORD).settlementCode
        assertEquals(RequestProblem.ENTRY_UNFIT, refused { wallet.setApprovalKey(byteArrayOf(4), code) })
        assertEquals(RequestProblem.WRONG_SECRET, refused { wallet.setApprovalKey(key.public.encoded, "000000") })
        wallet.setApprovalKey(key.public.encoded, code)
        val none = UUID.randomUUID().toString()
        assertThrows(WalletException.PaymentRefused::class.java) { runBlocking { wallet.approvalToSign(none) } }
        wallet.forgetApprovalKey()
    }

    /** Why `call` was refused. */
    private fun refused(call: suspend () -> Unit): RequestProblem =
        assertThrows(WalletException.RequestRefused::class.java) { runBlocking { call() } }.problem

    private companion object {
        const val PASSWORD = "seven tin whistles"
    }
}
