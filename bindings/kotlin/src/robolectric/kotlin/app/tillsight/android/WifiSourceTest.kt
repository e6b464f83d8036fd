package app.tillsight.android

import android.content.Intent
import android.net.wifi.ScanResult
import android.net.wifi.WifiManager
import app.tillsight.AccessPoint
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowLooper

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class WifiSourceTest {
    private val app = RuntimeEnvironment.getApplication().allowed()
    private val manager = app.getSystemService(WifiManager::class.java)!!

    @Test
    fun `every scan's access points are reported and the receiver is given back`() = runBlocking {
        val before = shadowOf(app).registeredReceivers.size
        val report = async(Dispatchers.Unconfined, CoroutineStart.UNDISPATCHED) {
            WifiSource(app).reports().first { it.heard.isNotEmpty() }
        }
        shadowOf(manager).setScanResults(
            listOf(ScanResult().apply { BSSID = "0a:1b:2c:3d:4e:5f"; level = -52 }),
        )
        app.sendBroadcast(Intent(WifiManager.SCAN_RESULTS_AVAILABLE_ACTION))
        ShadowLooper.idleMainLooper()
        val heard = report.await()
        assertEquals(listOf(AccessPoint("0a:1b:2c:3d:4e:5f", -52)), heard.heard)
        assertFalse("an address that Android withheld", heard.joined == "02:00:00:00:00:00")
        assertEquals(before, shadowOf(app).registeredReceivers.size)
    }
}
