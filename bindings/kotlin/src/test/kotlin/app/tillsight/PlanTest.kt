package app.tillsight

import kotlin.io.path.readText
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

class PlanTest {
    @Test
    fun `opening the screen turns the radio on and its filter lets the network's beacons through`() = runBlocking {
        openWallet(config(server = "https://server.test"), EmptyServer()).use { wallet ->
            val unknown = wallet.plans(SensingPolicy.ALWAYS).first()
            assertEquals(BeaconMode.OFF, unknown.beacons)
            // The server says which network it is of, and has no stores.
            assertThrows<WalletException.ServerAway> { wallet.prefetch(FIX.latitude, FIX.longitude) }
            val first = wallet.plans(SensingPolicy.SCREEN).first()
            assertEquals(BeaconMode.OFF, first.beacons)
            assertEquals(null, first.fixesEvery)
            wallet.screenOpened()
            val burst = withTimeout(5_000) {
                wallet.plans(SensingPolicy.SCREEN).first { it.beacons == BeaconMode.BURST }
            }
            assertEquals(1.seconds, burst.fixesEvery)
            assertTrue(burst.wifi)
            val filter = burst.filters.filterIsInstance<ScanFilter.Manufacturer>().single()
            val frame = filter.data + byteArrayOf(0, 7, 0, 9, -59)
            val screen = wallet.sense(BeaconReport.ManufacturerData(filter.company, frame, -60, NOW))
            assertEquals(NOW, screen.drawnAt)
            assertTrue(burst.filters.any { it is ScanFilter.ServiceData && it.service == 0xFEAA })
        }
    }

    @Test
    fun `a new collector ends the old one's flow and closing the wallet ends the last`() = runBlocking<Unit> {
        val wallet = openWallet()
        fun collector() = CompletableDeferred<Unit>().let { begun ->
            begun to async { wallet.plans(SensingPolicy.SCREEN).onEach { begun.complete(Unit) }.toList() }
        }
        val (begun, old) = collector()
        begun.await()
        val (begunToo, last) = collector()
        begunToo.await()
        withTimeout(10_000) { old.await() }
        assertTrue(last.isActive, "the new one was ended with the old one")
        wallet.close()
        withTimeout(10_000) { last.await() }
        assertThrows<IllegalStateException> { wallet.plans(SensingPolicy.SCREEN).first() }
    }

    @Test
    fun `a recording is written and a second one never replaces it`() = runBlocking<Unit> {
        openWallet().use { wallet ->
            val file = phoneFolder().resolve("visit.jsonl")
            wallet.startRecording(file, RecordedPositions.WITHHELD)
            wallet.sense(FIX)
            wallet.sense(Motion.WALKING)
            wallet.stopRecording()
            val kept = file.readText()
            assertTrue(kept.lines().size > 2, kept)
            assertFalse("41.89" in kept, "a position that was to be withheld")
            assertThrows<WalletException.StorageUnusable> {
                wallet.startRecording(file, RecordedPositions.EXACT)
            }
        }
    }

    @Test
    fun `access points are taken and one that is none is refused`() = runBlocking<Unit> {
        openWallet().use { wallet ->
            val heard = listOf(AccessPoint("0a:1b:2c:3d:4e:5f", -50))
            assertEquals(NOW, wallet.sense(WifiReport(null, heard, NOW.toEpochMilli())).drawnAt)
            val refused = assertThrows<WalletException.SignalRefused> {
                wallet.sense(WifiReport("my phone", emptyList(), NOW.toEpochMilli()))
            }
            assertEquals(SignalProblem.ACCESS_POINT_MALFORMED, refused.problem)
        }
    }
}
