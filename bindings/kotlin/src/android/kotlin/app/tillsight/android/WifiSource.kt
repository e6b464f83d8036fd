package app.tillsight.android

import android.annotation.SuppressLint
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.net.wifi.WifiManager
import app.tillsight.AccessPoint
import app.tillsight.WifiReport
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.launch

/** Access points round the phone. Never joins or changes one. */
@SuppressLint("MissingPermission")
public class WifiSource(context: Context) {
    // The application's: an activity's would outlive it.
    private val context = context.applicationContext
    private val manager = this.context.getSystemService(WifiManager::class.java)

    /**
     * What the radio heard, after every scan of this or another app, while someone collects; empty on
     * a phone without Wi-Fi.
     *
     * @throws SecurityException the position is not allowed.
     */
    public fun reports(): Flow<WifiReport> = callbackFlow {
        val manager = manager ?: run { close(); return@callbackFlow }
        val scanned = object : BroadcastReceiver() {
            override fun onReceive(context: Context, intent: Intent) {
                trySend(report(manager))
            }
        }
        context.registerReceiver(scanned, IntentFilter(WifiManager.SCAN_RESULTS_AVAILABLE_ACTION))
        // The scan before this one may be seconds old.
        trySend(report(manager))
        val asking = launch {
            while (true) {
                // Nothing replaces it; refused when asked too often, and other apps' scans still come.
                @Suppress("DEPRECATION")
                manager.startScan()
                delay(PACE)
            }
        }
        awaitClose {
            asking.cancel()
            context.unregisterReceiver(scanned)
        }
    }.conflate()

    private fun report(manager: WifiManager): WifiReport {
        // The new way is a network callback, which hears of the next joining, not of this one.
        @Suppress("DEPRECATION")
        val joined = manager.connectionInfo?.bssid
        return WifiReport(
            joined = joined?.takeUnless { it == WITHHELD },
            // None before the first scan of the phone.
            heard = manager.scanResults.orEmpty().mapNotNull { heard ->
                heard.BSSID?.let { AccessPoint(it, heard.level.toShort()) }
            },
            heardAtMs = System.currentTimeMillis(),
        )
    }

    private companion object {
        /** Android grants an app four scans in two minutes. */
        val PACE = 30.seconds

        /** What Android says when it does not say. */
        const val WITHHELD = "02:00:00:00:00:00"
    }
}
