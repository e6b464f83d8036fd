package app.tillsight.android

import android.bluetooth.le.ScanRecord
import android.bluetooth.le.ScanResult
import android.bluetooth.le.ScanSettings
import android.content.Intent
import android.os.ParcelUuid
import app.tillsight.BeaconReport
import app.tillsight.ScanFilter
import java.io.IOException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class BeaconSourceTest {
    private val app = RuntimeEnvironment.getApplication().allowed()
    private val filters = listOf(
        ScanFilter.Manufacturer(0x4C, byteArrayOf(2, 0x15, 7), byteArrayOf(-1, -1, -1)),
        ScanFilter.ServiceData(0xFEAA, byteArrayOf(0x30), byteArrayOf(-1)),
    )

    @Test
    fun `the scan runs with the plan's filters while someone collects and ends with them`() = runBlocking {
        val heard = async(Dispatchers.Unconfined, CoroutineStart.UNDISPATCHED) {
            BeaconSource(app).reports(filters, urgent = true).first()
        }
        val scan = app.radio().activeScans.single()
        assertEquals(ScanSettings.SCAN_MODE_LOW_LATENCY, scan.scanSettings()!!.scanMode)
        val (frames, service) = scan.scanFilters()
        assertEquals(0x4C, frames.manufacturerId)
        assertArrayEquals(byteArrayOf(2, 0x15, 7), frames.manufacturerData)
        assertEquals(ParcelUuid.fromString("0000feaa-0000-1000-8000-00805f9b34fb"), service.serviceDataUuid)
        assertArrayEquals(byteArrayOf(0x30), service.serviceData)
        scan.scanCallback()!!.onScanResult(ScanSettings.CALLBACK_TYPE_ALL_MATCHES, result())
        val report = heard.await() as BeaconReport.Advertisement
        assertEquals(-61, report.rssiDbm)
        assertArrayEquals(ADVERTISEMENT, report.bytes.copyOf(ADVERTISEMENT.size))
        assertTrue("the scan goes on unheard", app.radio().activeScans.isEmpty())
    }

    @Test
    fun `a radio that refuses ends the flow with an error the app can catch`() {
        val refused = runBlocking {
            val heard = async(Dispatchers.Unconfined + kotlinx.coroutines.SupervisorJob()) {
                BeaconSource(app).reports(filters, urgent = false).first()
            }
            app.radio().activeScans.single().scanCallback()!!.onScanFailed(2)
            runCatching { heard.await() }
        }
        assertTrue("$refused", refused.exceptionOrNull() is IOException)
    }

    @Test
    fun `a scan without filters is never begun`() = runBlocking {
        val refused = runCatching { BeaconSource(app).reports(emptyList(), urgent = true).first() }
        assertTrue("$refused", refused.exceptionOrNull() is IllegalArgumentException)
        assertTrue(app.radio().activeScans.isEmpty())
    }

    @Test
    fun `an intent that woke the app holds its reports and any other holds none`() {
        val woken = Intent().putParcelableArrayListExtra(
            "android.bluetooth.le.extra.LIST_SCAN_RESULT",
            arrayListOf(result()),
        )
        assertEquals(1, BeaconSource.reportsOf(woken).size)
        assertTrue(BeaconSource.reportsOf(Intent()).isEmpty())
    }

    private fun result(): ScanResult {
        val record = ScanRecord::class.java.getDeclaredMethod("parseFromBytes", ByteArray::class.java)
            .invoke(null, ADVERTISEMENT) as ScanRecord
        return ScanResult(null, 0, 1, 0, 255, 127, -61, 0, record, android.os.SystemClock.elapsedRealtimeNanos())
    }

    private companion object {
        /** Flags, then manufacturer data of company 0x004C. */
        val ADVERTISEMENT = byteArrayOf(2, 1, 6, 5, -1, 0x4C, 0, 2, 0x15)
    }
}
