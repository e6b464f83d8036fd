package app.tillsight

import java.io.IOException
import java.net.SocketTimeoutException
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path
import java.time.Instant
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class ErrorsTest {
    private inline fun <reified E : Throwable> fails(crossinline call: suspend () -> Unit): E =
        assertThrows(E::class.java) { runBlocking { call() } }

    @Test
    fun `each bad fix is refused with its own problem and the next good one works`() = runBlocking {
        openWallet().use { wallet ->
            val bad = mapOf(
                FIX.copy(latitude = Double.NaN) to SignalProblem.FIX_NOT_A_NUMBER,
                FIX.copy(latitude = 91.0) to SignalProblem.FIX_OUT_OF_RANGE,
                FIX.copy(takenAtMs = Long.MAX_VALUE) to SignalProblem.FIX_FROM_FUTURE,
                FIX.copy(takenAtMs = Long.MIN_VALUE) to SignalProblem.FIX_TOO_OLD,
                FIX.copy(mocked = true) to SignalProblem.FIX_MOCKED,
                FIX.copy(accuracyM = 50_000.0) to SignalProblem.FIX_TOO_COARSE,
            )
            for ((fix, problem) in bad) {
                val refused = fails<WalletException.SignalRefused> { wallet.sense(fix) }
                assertEquals(problem, refused.problem)
                assertEquals(Retry.NextSignal, refused.retry)
            }
            assertEquals(Place.NOWHERE, wallet.sense(FIX).place)
        }
    }

    @Test
    fun `what is no store's sign is refused as such`() = runBlocking {
        openWallet().use { wallet ->
            val text = fails<WalletException.SignalRefused> { wallet.sense("https://example.com") }
            assertEquals(SignalProblem.TEXT_NO_STORE_CODE, text.problem)
            assertEquals(Remedy.AIM_AGAIN, text.remedy)
            val frame = fails<WalletException.SignalRefused> {
                wallet.sense(BeaconReport.Advertisement(byteArrayOf(9, 1), -60, NOW))
            }
            assertEquals(SignalProblem.FRAME_MALFORMED, frame.problem)
            val foreign = fails<WalletException.SignalRefused> {
                wallet.sense(BeaconReport.ManufacturerData(0x4C, byteArrayOf(0x10, 1, 0), -60, NOW))
            }
            assertTrue(foreign.problem in setOf(SignalProblem.FRAME_FOREIGN, SignalProblem.FRAME_MALFORMED))
            val store = fails<WalletException.SignalRefused> { wallet.choose("no such store") }
            assertEquals(SignalProblem.STORE_UNKNOWN, store.problem)
        }
    }

    @Test
    fun `a plane is refused when its shape does not fit and leads to no screen while it shows no code`() = runBlocking {
        openWallet().use { wallet ->
            val grey = ByteBuffer.allocateDirect(640 * 480)
            val black = wallet.sense(grey, PlaneShape(640u, 480u, 640u, 90u))
            assertNull(black.screen)
            assertEquals(CameraHint.TOO_DARK, black.hint)
            val askew = fails<WalletException.SignalRefused> {
                wallet.sense(grey, PlaneShape(640u, 480u, 640u, 45u))
            }
            assertEquals(SignalProblem.PLANE_MALFORMED, askew.problem)
            val short = fails<WalletException.SignalRefused> {
                wallet.sense(grey, PlaneShape(641u, 480u, 641u, 0u))
            }
            assertEquals(SignalProblem.PLANE_MALFORMED, short.problem)
            fails<IllegalArgumentException> {
                wallet.sense(ByteBuffer.allocate(640 * 480), PlaneShape(640u, 480u, 640u, 0u))
            }
            assertEquals(0, grey.position(), "the caller's buffer is left as it was")
        }
    }

    @Test
    fun `a locked key store says when to come back and a lost key is an empty vault`() {
        val locked = object : KeyStore {
            override fun seal(secret: ByteArray): ByteArray = throw KeyStoreLockedException()

            override fun open(sealed: ByteArray): ByteArray = throw KeyStoreLockedException()

            override fun forget(): Unit = throw KeyStoreLockedException()
        }
        val folder = phoneFolder()
        runBlocking { openWallet(config(folder, SERVER), EmptyServer()).use { it.logIn("a", "b") } }
        val error = fails<WalletException.KeyStoreLocked> { openWallet(config(folder), keyStore = locked) }
        assertEquals(Retry.After(1.seconds), error.retry)
        assertEquals(Remedy.UNLOCK, error.remedy)
        val lost = object : KeyStore by Reversed {
            override fun open(sealed: ByteArray): ByteArray = error("the key is gone")
        }
        runBlocking {
            openWallet(config(folder), keyStore = lost).use {
                assertEquals(ServerState.LOGGED_OUT, it.screens.value.freshness.server)
            }
        }
    }

    @Test
    fun `a wallet without a root key is not opened`() {
        val missing = fails<WalletException.ConfigRefused> { openWallet(config(rootKey = "")) }
        assertEquals(ConfigProblem.ROOT_KEY_MISSING, missing.problem)
        val malformed = fails<WalletException.ConfigRefused> { openWallet(config(rootKey = "00")) }
        assertEquals(ConfigProblem.ROOT_KEY_MALFORMED, malformed.problem)
        assertEquals(Retry.Never, malformed.retry)
    }

    @Test
    fun `what nobody vouches for is not fetched`() = runBlocking {
        val body = """{"keys":[],"stores":[]}""".toByteArray()
        openWallet(config(server = SERVER), { HttpReply(200u, emptyList(), body) }).use { wallet ->
            val refused = fails<WalletException.ServerAway> { wallet.prefetch(FIX.latitude, FIX.longitude) }
            assertEquals(ServerProblem.NOT_VOUCHED, refused.problem)
        }
    }

    @Test
    fun `a folder that cannot be written is a storage error`() {
        val error = fails<WalletException.StorageUnusable> { openWallet(config(Path.of("/nowhere/at/all"))) }
        assertEquals(Remedy.FREE_STORAGE, error.remedy)
    }

    @Test
    fun `a damaged file of stores is put aside and said on the screen`() = runBlocking {
        val folder = phoneFolder()
        Files.write(folder.resolve("stores.sqlite"), ByteArray(9_000) { 7 })
        openWallet(config(folder)).use { wallet ->
            assertEquals(listOf(StorageWarning.STORES_PUT_ASIDE), wallet.screens.value.storage)
            val used = wallet.storageUse()
            assertEquals(9_000uL, used.putAsideBytes)
            assertTrue(used.storesBytes > 0uL)
        }
    }

    @Test
    fun `the server is asked to judge only by what was sensed, and the log says what told it where the phone is`() =
        runBlocking {
            openWallet().use { wallet ->
                for (by in JudgedBy.entries) {
                    val refused = fails<WalletException.SignalRefused> { wallet.askServer(by) }
                    assertEquals(SignalProblem.NOTHING_SENSED, refused.problem)
                }
                wallet.sense(FIX)
                fails<WalletException.NotLoggedIn> { wallet.askServer(JudgedBy.POSITION) }
                wallet.clearPositionUses()
                assertEquals(emptyList<PositionUse>(), wallet.positionUses())
            }
        }

    @Test
    fun `a printed request, reply or form shows no token and no password`() {
        val token = HttpHeader("Authorization", "Bearer s3cr3t")
        val request = HttpRequest("POST", SERVER, listOf(token), "s3cr3t".toByteArray())
        val reply = HttpReply(200u, listOf(token), "s3cr3t".toByteArray())
        val join = JoinAsk("anna", "s3cr3t", "s3cr3t", "s3cr3t", "s3cr3t", "s3cr3t", "s3cr3t")
        for (printed in listOf("$token", "$request", "$reply", "${listOf(request)}", "$join")) {
            assertFalse("s3cr3t" in printed || "115, 51" in printed, printed)
        }
        assertTrue("POST" in "$request" && "200" in "$reply")
    }

    @Test
    fun `each failure of the transport arrives as its own server problem`() = runBlocking {
        val rows: Map<HttpTransport, ServerProblem> = mapOf(
            HttpTransport { throw IOException("no route") } to ServerProblem.UNREACHABLE,
            HttpTransport { throw SocketTimeoutException() } to ServerProblem.TIMEOUT,
            HttpTransport { HttpReply(500u, emptyList(), ByteArray(0)) } to ServerProblem.FAILING,
            HttpTransport { HttpReply(200u, emptyList(), "<html>".toByteArray()) } to ServerProblem.GARBLED,
            HttpTransport { error("a bug of the app") } to ServerProblem.UNREACHABLE,
        )
        for ((transport, problem) in rows) {
            openWallet(config(server = SERVER), transport).use { wallet ->
                val away = fails<WalletException.ServerAway> { wallet.logIn("hanako", "s3cr3t") }
                assertEquals(problem, away.problem)
                val text = away.toString()
                assertFalse("hanako" in text || "s3cr3t" in text, text)
            }
        }
        val portal = HttpTransport { HttpReply(401u, listOf(HttpHeader("content-type", "text/html")), ByteArray(0)) }
        openWallet(config(server = SERVER), portal).use { wallet ->
            val away = fails<WalletException.ServerAway> { wallet.logIn("a", "b") }
            assertEquals(ServerProblem.GARBLED, away.problem)
        }
        val clear = fails<WalletException.ServerAway> {
            openWallet(config(server = "http://server.test"), portal).use { it.logIn("a", "b") }
        }
        assertEquals(ServerProblem.CLEAR_TEXT, clear.problem)
        val problem = listOf(HttpHeader("Content-Type", "application/problem+json"))
        openWallet(config(server = SERVER), { HttpReply(401u, problem, ByteArray(0)) }).use { wallet ->
            fails<WalletException.LoginRefused> { wallet.logIn("a", "b") }
            fails<WalletException.NotLoggedIn> { wallet.refresh() }
        }
        openWallet().use { wallet ->
            val none = fails<WalletException.ServerAway> { wallet.logIn("a", "b") }
            assertEquals(Retry.Never, none.retry)
        }
    }

    @Test
    fun `an oversized advertisement with absurd numbers is refused like any other`() = runBlocking<Unit> {
        openWallet().use { wallet ->
            val absurd = BeaconReport.Advertisement(
                ByteArray(2_000) { -1 },
                Int.MAX_VALUE,
                Instant.ofEpochMilli(Long.MAX_VALUE),
            )
            fails<WalletException.SignalRefused> { wallet.sense(absurd) }
        }
    }

    private companion object {
        const val SERVER = "https://server.test"
    }
}
