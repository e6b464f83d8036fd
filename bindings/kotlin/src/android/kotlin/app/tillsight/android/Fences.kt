package app.tillsight.android

import android.annotation.SuppressLint
import android.app.PendingIntent
import android.content.Context
import android.location.LocationManager
import app.tillsight.Fence

/**
 * The circles of a plan that wakes the app near stores ([app.tillsight.SensingPolicy.ALWAYS]). They
 * need the position in the background, which the package's manifest does not ask for: see the guide's
 * page on permissions.
 */
public class Fences(context: Context) {
    private val manager = context.getSystemService(LocationManager::class.java)

    /**
     * Replaces every fence laid with [wake] before. The intent comes when the phone enters or leaves
     * one: open the wallet then and hand it a fix. It must be mutable (`FLAG_MUTABLE`), since the
     * system says in it which of the two it was.
     *
     * @throws SecurityException the permission is missing.
     */
    @SuppressLint("MissingPermission")
    public fun lay(fences: List<Fence>, wake: PendingIntent) {
        val manager = manager ?: return
        manager.removeProximityAlert(wake)
        for (fence in fences) {
            manager.addProximityAlert(
                fence.latitude, fence.longitude, fence.radiusM.toFloat(), UNTIL_REPLACED, wake,
            )
        }
    }

    private companion object {
        const val UNTIL_REPLACED = -1L
    }
}
