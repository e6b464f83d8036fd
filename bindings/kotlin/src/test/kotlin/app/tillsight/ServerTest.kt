package app.tillsight

import java.time.Clock
import java.util.UUID
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable

/** Against the wallet server that `cargo xtask kotlin` starts, with the harness's world and member. */
@EnabledIfEnvironmentVariable(named = "TILLSIGHT_SERVER", matches = "http.+")
class ServerTest {
    private val server: String = System.getenv("TILLSIGHT_SERVER")
    private val rootKey: String = System.getenv("TILLSIGHT_ROOT_KEY")

    @Test
    fun `a member logs in and a fix draws the stores of the place with live balances`() = runBlocking {
        val folder = phoneFolder()
        Wallet.open(config(folder, server, rootKey), Reversed).use { wallet ->
            wallet.logIn("hanako", "correct horse battery staple")
            wallet.prefetch(ROME.first, ROME.second)
            val screen = wallet.sense(fix())
            assertTrue(screen.candidates.isNotEmpty(), "no store near the station: $screen")
            assertEquals(listOf("© OpenStreetMap contributors"), screen.attributions)
            val live = withTimeout(10_000) {
                wallet.screens.first { it.freshness.server == ServerState.LIVE }
            }
            val methods = live.active + live.likely + live.unsure + live.inactive
            assertTrue(methods.any { it.balance != null }, "no balance: $methods")
            assertTrue(live.inactive.all { it.reason != null }, "a method does not say why not")
            val chosen = wallet.choose(screen.candidates.first().store.id)
            assertEquals(screen.candidates.first().store.id, chosen.store?.id)
        }
        // The next start needs no server: the stores and the methods are on the phone.
        Wallet.open(config(folder, "http://127.0.0.1:9", rootKey), Reversed).use { wallet ->
            val screen = wallet.sense(fix())
            assertTrue(screen.candidates.isNotEmpty())
            val methods = screen.active + screen.likely + screen.unsure + screen.inactive
            assertFalse(methods.isEmpty(), "the vault was not read again")
        }
    }

    @Test
    fun `a city is fetched with its progress and one that does not fit is refused`() = runBlocking {
        val folder = phoneFolder()
        Wallet.open(config(folder, server, rootKey), Reversed).use { wallet ->
            val heard = mutableListOf<AreaProgress>()
            val end = wallet.fetchArea(area(3_000u)) { heard += it }
            assertTrue(heard.size >= 2 && heard.first().stores == 0u, "$heard")
            assertEquals(end, heard.last())
            assertTrue(end.stores > 0u && end.stores == end.ofStores, "$end")
            assertTrue(wallet.sense(fix()).candidates.isNotEmpty())
            val wide = assertThrows(WalletException.AreaRefused::class.java) {
                runBlocking { wallet.fetchArea(area(100_001u)) }
            }
            assertEquals(AreaProblem.TOO_WIDE, wide.problem)
        }
        val small = config(phoneFolder(), server, rootKey).copy(mostStoreBytes = 1_000u)
        Wallet.open(small, Reversed).use { wallet ->
            val full = assertThrows(WalletException.AreaRefused::class.java) {
                runBlocking { wallet.fetchArea(area(3_000u)) }
            }
            assertEquals(AreaProblem.NO_ROOM, full.problem)
        }
    }

    private fun area(radiusM: UInt) = Area(ROME.first, ROME.second, radiusM)

    @Test
    fun `OkHttp carries a member's calls`() = runBlocking {
        val folder = phoneFolder()
        Wallet.open(config(folder, server, rootKey), Reversed, transport = OkHttpTransport()).use { wallet ->
            assertThrows(WalletException.LoginRefused::class.java) {
                runBlocking { wallet.logIn("hanako", "wrong") }
            }
            wallet.logIn("hanako", "correct horse battery staple")
            wallet.prefetch(ROME.first, ROME.second)
            assertTrue(wallet.sense(fix()).candidates.isNotEmpty())
            assertEquals(ServerState.LIVE, wallet.refresh().freshness.server)
        }
    }

    @Test
    fun `a wrong password is refused and leaves the wallet logged out`() = runBlocking {
        Wallet.open(config(server = server, rootKey = rootKey), Reversed).use { wallet ->
            assertThrows(WalletException.LoginRefused::class.java) {
                runBlocking { wallet.logIn("hanako", "wrong") }
            }
            assertEquals(ServerState.LOGGED_OUT, wallet.screens.value.freshness.server)
        }
    }

    @Test
    fun `a link code registers a method with its balance and a made-up one is refused`() = runBlocking {
        Wallet.open(config(server = server, rootKey = rootKey), Reversed).use { wallet ->
            assertThrows(WalletException.NotLoggedIn::class.java) {
                runBlocking { wallet.register("jcb", LINK_CODE) }
            }
            wallet.logIn("hanako", "correct horse battery staple")
            val refused = assertThrows(WalletException.LinkRefused::class.java) {
                runBlocking { wallet.register("jcb", "cards:TRY-0000-CARD-0000") }
            }
            assertEquals(Remedy.CHECK_LINK_CODE, refused.remedy)
            wallet.register("jcb", LINK_CODE)
            val screen = wallet.sense(fix())
            val methods = screen.active + screen.likely + screen.unsure + screen.inactive
            assertTrue(methods.any { "7733" in it.name && it.balance != null }, "not registered: $methods")
        }
    }

    @Test
    fun `a deposit is pending at once, then done, and in the history`() = runBlocking {
        Wallet.open(config(server = server, rootKey = rootKey), Reversed).use { wallet ->
            wallet.logIn("hanako", "correct horse battery staple")
            val source = wallet.depositScreens.value.sources.first { it.reason == null && it.balance?.currency == "EUR" }
            val ask = DepositAsk(UUID.randomUUID().toString(), source.id, 100, "EUR")
            assertEquals(DepositState.PENDING, wallet.deposit(ask).deposits.first().state)
            val done = withTimeout(20_000) {
                wallet.depositScreens.first { it.deposits.first().state != DepositState.PENDING }
            }
            assertEquals(DepositState.DONE, done.deposits.first().state, "${done.deposits}")
            val newest = wallet.history().rows.first()
            assertEquals(HistoryKind.DEPOSIT, newest.kind)
            assertEquals(100, newest.change.minor)
            assertEquals(source.name, newest.from)
        }
    }

    @Test
    fun `how a deposit ended is told of by a notice`() = runBlocking {
        Wallet.open(config(server = server, rootKey = rootKey), Reversed).use { wallet ->
            wallet.logIn("hanako", "correct horse battery staple")
            val told = async { withTimeout(20_000) { wallet.notices().first() } }
            // The collector is on this thread: once it is there, it listens.
            while (wallet.noticed.get() == null) yield()
            val source = wallet.depositScreens.value.sources.first { it.reason == null && it.balance?.currency == "EUR" }
            val ask = DepositAsk(UUID.randomUUID().toString(), source.id, 100, "EUR")
            wallet.deposit(ask)
            val notice = told.await()
            assertEquals(NoticeKind.DEPOSITED to ask.id, notice.kind to notice.id)
            assertEquals(listOf(source.name) to 100L, notice.methods to notice.amount?.minor)
        }
    }

    @Test
    fun `what a push was of is fetched, and its token is not printed`() = runBlocking {
        Wallet.open(config(server = server, rootKey = rootKey), Reversed).use { wallet ->
            assertThrows(WalletException.NotLoggedIn::class.java) { runBlocking { wallet.pushed() } }
            wallet.logIn("hanako", "correct horse battery staple")
            val token = PushToken("fcm", "a-token-of-the-kotlin-test")
            assertFalse("a-token" in "$token")
            wallet.setPushToken(token)
            wallet.pushed()
            val source = wallet.depositScreens.value.sources.first { it.reason == null && it.balance?.currency == "EUR" }
            wallet.deposit(DepositAsk(UUID.randomUUID().toString(), source.id, 100, "EUR"))
            withTimeout(20_000) { while (!wallet.pushed()) yield() }
            wallet.setPushToken(null)
        }
    }

    @Test
    fun `a muted store is kept until it is heard again`() = runBlocking {
        Wallet.open(config(server = server, rootKey = rootKey), Reversed).use { wallet ->
            wallet.logIn("hanako", "correct horse battery staple")
            wallet.prefetch(ROME.first, ROME.second)
            val store = wallet.sense(fix()).candidates.first().store
            wallet.muteStore(store.id, true)
            assertEquals(listOf(MutedStore(store.id, store.name)), wallet.mutedStores())
            wallet.muteStore(store.id, false)
            assertTrue(wallet.mutedStores().isEmpty())
        }
    }

    @Test
    fun `what happened at a till shows at once as the member's own experience, and why says so`() = runBlocking {
        Wallet.open(config(server = server, rootKey = rootKey), Reversed).use { wallet ->
            wallet.logIn("hanako", "correct horse battery staple")
            wallet.prefetch(ROME.first, ROME.second)
            val store = wallet.sense(fix()).candidates.first().store
            val method = wallet.methods().methods.first()
            wallet.choose(store.id)
            val screen = wallet.report(store.id, method.id, ReportKind.CASH_ONLY)
            val row = screen.inactive.first { it.id == method.id }
            assertEquals(SourceKind.OWN, row.basis.source)
            val says = wallet.why(method.id)
            // The balance may have been asked for between the two.
            assertEquals(listOf(store.id to row.basis), says.map { it.store.id to it.method.basis })
        }
    }

    private fun fix() = Fix(
        latitude = ROME.first,
        longitude = ROME.second,
        accuracyM = 20.0,
        takenAtMs = Clock.systemUTC().millis(),
        mocked = false,
    )

    private companion object {
        /** What the harness's settlement operator gave its member. */
        const val LINK_CODE = "cards:TRY-7733-CARD-2604"

        /** Rome, Esquilino, within the harness's extract. */
        val ROME = 41.8959 to 12.5036
    }
}
