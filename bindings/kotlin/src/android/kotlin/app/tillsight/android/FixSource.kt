package app.tillsight.android

import android.annotation.SuppressLint
import android.content.Context
import android.location.Location
import android.location.LocationListener
import android.location.LocationManager
import android.os.Build
import android.os.Looper
import android.os.SystemClock
import app.tillsight.Fix
import app.tillsight.FixProvider
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate

/**
 * Position fixes while someone collects them: only in the foreground, so that the app needs no
 * background location.
 */
public class FixSource(context: Context) {
    private val manager = context.getSystemService(LocationManager::class.java)

    /**
     * Fixes at most every [every]; the newest only, when they come faster than they are taken. Without
     * a spacing the receiver stays off, and those that other apps ask for come by. Collect when [Permissions.location] is [PermissionState.READY] or
     * [PermissionState.APPROXIMATE].
     *
     * @throws SecurityException the permission is missing.
     */
    @SuppressLint("MissingPermission")
    public fun fixes(every: Duration? = 1.seconds): Flow<Fix> = callbackFlow {
        val manager = manager ?: run { close(); return@callbackFlow }
        val listener = LocationListener { trySend(it.toFix()) }
        for (provider in if (every == null) listOf(LocationManager.PASSIVE_PROVIDER) else providers(manager)) {
            manager.requestLocationUpdates(
                provider,
                (every ?: 1.seconds).inWholeMilliseconds,
                0f,
                listener,
                Looper.getMainLooper(),
            )
        }
        awaitClose { manager.removeUpdates(listener) }
    }.conflate()

    /** The fused provider where there is one: it weighs satellites and networks itself. */
    private fun providers(manager: LocationManager): List<String> {
        val known = manager.allProviders
        return if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S && LocationManager.FUSED_PROVIDER in known) {
            listOf(LocationManager.FUSED_PROVIDER)
        } else {
            listOf(LocationManager.GPS_PROVIDER, LocationManager.NETWORK_PROVIDER).filter { it in known }
        }
    }
}

/** The fix in the core's form. An accuracy that the system does not know is refused by the core. */
public fun Location.toFix(): Fix = Fix(
    latitude = latitude,
    longitude = longitude,
    accuracyM = if (hasAccuracy()) accuracy.toDouble() else 0.0,
    takenAtMs = System.currentTimeMillis() - sinceTaken().inWholeMilliseconds,
    mocked = isMadeUp(),
    provider = when (provider) {
        LocationManager.GPS_PROVIDER -> FixProvider.SATELLITE
        LocationManager.NETWORK_PROVIDER -> FixProvider.NETWORK
        else -> null
    },
)

/**
 * By the clock that only runs forward: [Location.getTime] is the receiver's date, and receivers that
 * do not know that the satellites' week number starts anew are 1,024 weeks back.
 */
private fun Location.sinceTaken(): Duration =
    (SystemClock.elapsedRealtimeNanos() - elapsedRealtimeNanos).coerceAtLeast(0).nanoseconds

@Suppress("DEPRECATION")
private fun Location.isMadeUp(): Boolean =
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) isMock else isFromMockProvider
