package app.tillsight.android

import android.annotation.SuppressLint
import android.app.PendingIntent
import android.bluetooth.BluetoothManager
import android.bluetooth.le.BluetoothLeScanner
import android.bluetooth.le.ScanCallback
import android.bluetooth.le.ScanResult
import android.bluetooth.le.ScanSettings
import android.content.Context
import android.content.Intent
import android.os.Build
import android.os.ParcelUuid
import app.tillsight.BeaconReport
import app.tillsight.ScanFilter
import java.io.IOException
import java.time.Instant
import java.util.UUID
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow

/**
 * Store beacons that the radio hears. The filters are those of the wallet's plan, and keep every other
 * advertisement in the chip.
 */
@SuppressLint("MissingPermission")
public class BeaconSource(context: Context) {
    private val adapter = context.getSystemService(BluetoothManager::class.java)?.adapter

    /**
     * Reports while someone collects them.
     *
     * @param filters at least one: without any, Android scans only while the screen is on.
     * @param urgent at the radio's full attention, for a visible screen; otherwise at its least effort.
     * @throws SecurityException the permission is missing.
     * @throws IOException the radio is off, or refuses to scan.
     */
    public fun reports(filters: List<ScanFilter>, urgent: Boolean): Flow<BeaconReport> = callbackFlow {
        require(filters.isNotEmpty()) { "a scan without filters hears nothing once the screen is off" }
        val scanner = scanner()
        val heard = object : ScanCallback() {
            override fun onScanResult(callbackType: Int, result: ScanResult) {
                result.toReport()?.let(::trySend)
            }

            override fun onBatchScanResults(results: List<ScanResult>) {
                results.mapNotNull(ScanResult::toReport).forEach(::trySend)
            }

            override fun onScanFailed(errorCode: Int) {
                close(IOException("the radio refuses to scan: $errorCode"))
            }
        }
        // Started too often, Android goes on without a word and without results.
        delay(starts.wait(nowMs()))
        val mode = if (urgent) ScanSettings.SCAN_MODE_LOW_LATENCY else ScanSettings.SCAN_MODE_LOW_POWER
        scanner.startScan(filters.map(::toSystem), settings(mode), heard)
        awaitClose { scanner.stopScan(heard) }
    }

    /**
     * Lets the system send [wake] when a store beacon comes into range, at the radio's least effort
     * and while the app is not running. Read the intent with [reportsOf].
     *
     * @param filters at least one, as above.
     * @param wake to a receiver of the app's own, and mutable (`FLAG_MUTABLE`): the system puts the
     *   reports into it.
     * @throws IOException the radio is off, or refuses to scan.
     */
    public fun wakeOn(filters: List<ScanFilter>, wake: PendingIntent) {
        require(filters.isNotEmpty()) { "a scan without filters hears nothing once the screen is off" }
        val quiet = settings(ScanSettings.SCAN_MODE_LOW_POWER)
        val refused = scanner().startScan(filters.map(::toSystem), quiet, wake)
        if (refused != 0) throw IOException("the radio refuses to scan: $refused")
    }

    /** Ends what [wakeOn] began. */
    public fun stop(wake: PendingIntent) {
        adapter?.bluetoothLeScanner?.stopScan(wake)
    }

    private fun scanner(): BluetoothLeScanner =
        adapter?.bluetoothLeScanner ?: throw IOException("the radio is off")

    private fun settings(mode: Int): ScanSettings = ScanSettings.Builder().setScanMode(mode).build()

    private fun nowMs(): Long = android.os.SystemClock.elapsedRealtime()

    public companion object {
        private val starts = StartThrottle()

        /** The reports in an intent that [wakeOn] brought; empty for any other. */
        public fun reportsOf(intent: Intent): List<BeaconReport> {
            val key = "android.bluetooth.le.extra.LIST_SCAN_RESULT"
            val results: List<ScanResult>? =
                if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
                    intent.getParcelableArrayListExtra(key, ScanResult::class.java)
                } else {
                    @Suppress("DEPRECATION")
                    intent.getParcelableArrayListExtra(key)
                }
            return results.orEmpty().mapNotNull(ScanResult::toReport)
        }
    }
}

private fun toSystem(filter: ScanFilter): android.bluetooth.le.ScanFilter {
    val builder = android.bluetooth.le.ScanFilter.Builder()
    when (filter) {
        is ScanFilter.Manufacturer -> builder.setManufacturerData(filter.company, filter.data, filter.mask)
        is ScanFilter.ServiceData -> {
            val service = UUID.fromString("%08x-0000-1000-8000-00805f9b34fb".format(filter.service))
            builder.setServiceData(ParcelUuid(service), filter.data, filter.mask)
        }
    }
    return builder.build()
}

private fun ScanResult.toReport(): BeaconReport? {
    val bytes = scanRecord?.bytes ?: return null
    val sinceHeard = android.os.SystemClock.elapsedRealtimeNanos() - timestampNanos
    return BeaconReport.Advertisement(bytes, rssi, Instant.now().minusNanos(sinceHeard.coerceAtLeast(0)))
}
