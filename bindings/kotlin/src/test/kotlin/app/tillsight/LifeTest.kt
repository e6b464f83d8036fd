package app.tillsight

import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class LifeTest {
    private val server = "https://server.test"

    @Test
    fun `a newer screen arrives from the core's own thread`() = runBlocking {
        openWallet(config(server = server), EmptyServer()).use { wallet ->
            wallet.logIn("hanako", "secret")
            wallet.sense(FIX)
            val live = withTimeout(5_000) {
                wallet.screens.first { it.freshness.server == ServerState.LIVE }
            }
            assertEquals(NOW, live.drawnAt)
        }
    }

    @Test
    fun `cancelling a call returns at once and the call ends unseen`() = runBlocking {
        val slow = EmptyServer(delayMs = 300)
        openWallet(config(server = server), slow).use { wallet ->
            val login = launch(Dispatchers.Default) { wallet.logIn("hanako", "secret") }
            Thread.sleep(50)
            login.cancel()
            login.join()
            assertEquals(0, slow.answered, "join came back before the server answered")
            withTimeout(5_000) {
                while (wallet.screens.value.freshness.server == ServerState.LOGGED_OUT) {
                    wallet.ask(MemberAsk(null, null, ChoiceKind.ALL, true))
                    yield()
                }
            }
            assertTrue(slow.answered > 0)
        }
    }

    @Test
    fun `closing twice is nothing and a closed wallet says so`() = runBlocking<Unit> {
        val wallet = openWallet()
        wallet.close()
        wallet.close()
        assertThrows(IllegalStateException::class.java) { runBlocking { wallet.sense(FIX) } }
        assertThrows(IllegalStateException::class.java) {
            wallet.sense(ByteBuffer.allocateDirect(100), PlaneShape(10u, 10u, 10u, 0u))
        }
    }

    @Test
    fun `closing while calls are under way breaks none of them`() = runBlocking {
        repeat(50) {
            val wallet = openWallet()
            val calls = List(4) { async(Dispatchers.IO) { runCatching { wallet.sense(FIX) } } }
            wallet.close()
            for (outcome in calls.awaitAll()) {
                val failure = outcome.exceptionOrNull()
                assertTrue(
                    failure == null || failure is IllegalStateException,
                    "neither a screen nor 'closed': $failure",
                )
            }
        }
    }

    @Test
    fun `eight threads at once all get their screens`() = runBlocking {
        openWallet(config(server = server), EmptyServer()).use { wallet ->
            wallet.logIn("hanako", "secret")
            val drawn = AtomicInteger()
            val go = CountDownLatch(1)
            val threads = List(8) { number ->
                thread {
                    go.await()
                    repeat(200) {
                        val screen = runBlocking {
                            if (number % 2 == 0) wallet.sense(FIX) else wallet.ask(
                                MemberAsk(it.toLong(), "EUR", ChoiceKind.MOST_USED, true),
                            )
                        }
                        if (screen.drawnAt == NOW) drawn.incrementAndGet()
                    }
                }
            }
            go.countDown()
            threads.forEach { it.join(TimeUnit.SECONDS.toMillis(60)) }
            assertEquals(1_600, drawn.get())
        }
    }

    @Test
    fun `a plane is lent where it lies and a gigabyte of it is never copied`() = runBlocking<Unit> {
        val plane = ByteBuffer.allocateDirect(1280 * 720)
        val lent = app.tillsight.core.FfiConverterByRefBytes.lower(plane)
        assertEquals(com.sun.jna.Native.getDirectBufferPointer(plane), lent.data)
        val file = Files.createTempFile("tillsight", "plane")
        openWallet().use { wallet ->
            java.io.RandomAccessFile(file.toFile(), "rw").use { sparse ->
                sparse.setLength(1L shl 30)
                val vast = sparse.channel.map(java.nio.channels.FileChannel.MapMode.READ_ONLY, 0, 1L shl 30)
                val (_, before) = process()
                // Refused for its turn, before a pixel of it is read.
                assertThrows(WalletException.SignalRefused::class.java) {
                    wallet.sense(vast, PlaneShape(1280u, 720u, 1280u, 45u))
                }
                val (_, after) = process()
                assertTrue(after - before < 65_536, "kB: $before, then $after")
            }
        }
        Files.delete(file)
    }

    @Test
    fun `without a lent clock a screen is drawn at the time of the system`() = runBlocking<Unit> {
        val before = System.currentTimeMillis()
        Wallet.open(config(), Reversed).use {
            assertTrue(it.screens.value.drawnAtMs in before..System.currentTimeMillis())
        }
    }

    @Test
    fun `ten thousand opens and closes leave no thread and no memory behind`() = runBlocking {
        val config = config()
        suspend fun rounds(count: Int) = withContext(Dispatchers.IO) {
            repeat(count) { openWallet(config).close() }
        }
        rounds(2_000)
        settle()
        val (threads, resident) = process()
        rounds(8_000)
        settle()
        val (threadsAfter, residentAfter) = process()
        assertTrue(threadsAfter <= threads + 8, "threads: $threads, then $threadsAfter")
        // 8,000 wallets that each kept 10 KB would be 80 MB. The heap was whole from the start; what
        // else the JVM takes stays under it.
        assertTrue(residentAfter - resident < 48_000, "kB: $resident, then $residentAfter")
    }

    private fun settle() {
        repeat(3) {
            System.gc()
            Thread.sleep(100)
        }
    }

    /** Threads and resident kilobytes of this process. */
    private fun process(): Pair<Int, Int> {
        val lines = Files.readAllLines(Path.of("/proc/self/status"))
        fun number(key: String) =
            lines.first { it.startsWith(key) }.filter(Char::isDigit).toInt()
        return number("Threads:") to number("VmRSS:")
    }
}
