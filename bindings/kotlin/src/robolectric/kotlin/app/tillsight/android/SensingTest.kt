package app.tillsight.android

import android.bluetooth.le.ScanSettings
import android.location.LocationManager
import app.example.ROOT_KEY
import app.tillsight.CameraHint
import app.tillsight.EmptyServer
import app.tillsight.FIX
import app.tillsight.KeyStore
import app.tillsight.SensingPolicy
import app.tillsight.Wallet
import app.tillsight.WalletConfig
import app.tillsight.config
import app.tillsight.openWallet
import java.nio.ByteBuffer
import java.nio.file.Files
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** A real wallet and its plan over Android's services. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class SensingTest {
    private val app = RuntimeEnvironment.getApplication().allowed()
    private val manager = app.getSystemService(LocationManager::class.java)!!

    @Test
    fun `the radios go on with the screen, as the plan says, and off with it`() = onAWallet(networked()) { wallet ->
        // The server says which network's beacons there are to listen for, and has no stores.
        runCatching { wallet.prefetch(FIX.latitude, FIX.longitude) }
        val sensing = launch(Dispatchers.Default) { Sensing(app, wallet).run() }
        wallet.screenOpened()
        val scan = eventually { app.radio().activeScans.singleOrNull() }
        assertEquals(ScanSettings.SCAN_MODE_LOW_LATENCY, scan.scanSettings()!!.scanMode)
        assertEquals(2, scan.scanFilters().size)
        eventually { active().takeIf { LocationManager.PASSIVE_PROVIDER !in it && it.isNotEmpty() } }
        wallet.screenClosed()
        eventually { app.radio().activeScans.isEmpty().takeIf { it } }
        eventually { active().takeIf { it == listOf(LocationManager.PASSIVE_PROVIDER) } }
        sensing.cancel()
        sensing.join()
        assertTrue(active().isEmpty())
    }

    @Test
    fun `a person who allows nothing is asked for nothing and nothing fails`() = onAWallet { wallet ->
        shadowOf(app).denyPermissions(
            android.Manifest.permission.ACCESS_FINE_LOCATION,
            android.Manifest.permission.BLUETOOTH_SCAN,
        )
        val sensing = launch(Dispatchers.Default) { Sensing(app, wallet, SensingPolicy.ALWAYS).run() }
        wallet.screenOpened()
        delay(300)
        assertTrue(sensing.isActive)
        assertTrue(app.radio().activeScans.isEmpty())
        assertTrue(active().isEmpty())
        sensing.cancel()
    }

    @Test
    fun `a camera's picture is read where it lies and those that come too fast are let go`() = onAWallet { wallet ->
        val planes = CameraPlanes(wallet)
        val black = ByteBuffer.allocateDirect(640 * 480)
        assertEquals(CameraHint.TOO_DARK, planes.analyze(black, 640, 480, 640, 90, 0)?.hint)
        assertNull(planes.analyze(black, 640, 480, 640, 90, 50_000_000))
        assertEquals(CameraHint.TOO_DARK, planes.analyze(black, 640, 480, 640, 90, 150_000_000)?.hint)
    }

    private fun active() =
        manager.allProviders.filter { shadowOf(manager).getLegacyLocationRequests(it).isNotEmpty() }

    private fun networked(): Wallet =
        runBlocking { openWallet(config(server = "https://server.test"), EmptyServer()) }

    private fun alone(): Wallet = runBlocking {
        val folder = Files.createTempDirectory("tillsight-test").toString()
        Wallet.open(WalletConfig(folder, "", ROOT_KEY, "en"), Plain)
    }

    private fun onAWallet(
        wallet: Wallet = alone(),
        body: suspend kotlinx.coroutines.CoroutineScope.(Wallet) -> Unit,
    ) = runBlocking { wallet.use { body(it) } }

    /** The value once there is one. */
    private suspend fun <T : Any> eventually(read: () -> T?): T = withTimeout(60_000) {
        var value = read()
        while (value == null) {
            delay(20)
            value = read()
        }
        value
    }

    private object Plain : KeyStore {
        override fun seal(secret: ByteArray) = secret

        override fun open(sealed: ByteArray) = sealed

        override fun forget() = Unit
    }
}
