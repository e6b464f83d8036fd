package app.tillsight.android

import android.annotation.SuppressLint
import android.app.PendingIntent
import android.bluetooth.BluetoothManager
import android.bluetooth.le.BluetoothLeScanner
import android.bluetooth.le.ScanCallback
import android.bluetooth.le.ScanFilter
import android.bluetooth.le.ScanResult
import android.bluetooth.le.ScanSettings
import android.content.Context
import android.content.Intent
import android.os.Build
import app.tillsight.BeaconReport
import app.tillsight.Network
import java.io.IOException
import java.time.Instant
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow

/** Store beacons that the radio hears; the filters keep every other advertisement in the chip. */
@SuppressLint("MissingPermission")
public class BeaconSource(context: Context) {
    private val adapter = context.getSystemService(BluetoothManager::class.java)?.adapter

    /**
     * Reports while someone collects them, at the radio's full attention: for a visible screen.
     *
     * @throws SecurityException the permission is missing.
     * @throws IOException the radio is off, or refuses to scan.
     */
    public fun reports(): Flow<BeaconReport> = callbackFlow {
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
        scanner.startScan(filters(), settings(ScanSettings.SCAN_MODE_LOW_LATENCY), heard)
        awaitClose { scanner.stopScan(heard) }
    }

    /**
     * Lets the system wake [wake] when a store beacon comes into range, at the radio's least effort
     * and while the app is not running. Read the intent with [reportsOf].
     *
     * @throws IOException the radio is off, or refuses to scan.
     */
    public fun wakeOn(wake: PendingIntent) {
        val refused = scanner().startScan(filters(), settings(ScanSettings.SCAN_MODE_LOW_POWER), wake)
        if (refused != 0) throw IOException("the radio refuses to scan: $refused")
    }

    /** Ends what [wakeOn] began. */
    public fun stop(wake: PendingIntent) {
        adapter?.bluetoothLeScanner?.stopScan(wake)
    }

    private fun scanner(): BluetoothLeScanner =
        adapter?.bluetoothLeScanner ?: throw IOException("the radio is off")

    private fun filters(): List<ScanFilter> = listOf(
        ScanFilter.Builder().setManufacturerData(Network.BEACON_COMPANY, Network.beaconPrefix).build(),
    )

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

private fun ScanResult.toReport(): BeaconReport? {
    val bytes = scanRecord?.bytes ?: return null
    val sinceHeard = android.os.SystemClock.elapsedRealtimeNanos() - timestampNanos
    return BeaconReport.Advertisement(bytes, rssi, Instant.now().minusNanos(sinceHeard.coerceAtLeast(0)))
}
