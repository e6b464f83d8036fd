package app.tillsight.android

import android.Manifest.permission.ACCESS_COARSE_LOCATION
import android.Manifest.permission.ACCESS_FINE_LOCATION
import android.Manifest.permission.BLUETOOTH_SCAN
import android.Manifest.permission.CAMERA
import android.Manifest.permission.POST_NOTIFICATIONS
import android.app.NotificationManager
import android.bluetooth.BluetoothManager
import android.content.Context
import android.content.pm.PackageManager
import android.location.LocationManager
import android.nfc.NfcAdapter
import android.os.Build

/** Whether a sense can be used: something to show and to act on, never an error. */
public enum class PermissionState {
    /** It can be used. */
    READY,

    /** The person allows an approximate position only: too coarse to name a store. */
    APPROXIMATE,

    /** The person was not asked yet, or said no: ask, or point to the settings. */
    NOT_GRANTED,

    /** Allowed, but switched off in the system. */
    SWITCHED_OFF,

    /** This phone has none. */
    ABSENT,
}

/** The state of every sense on this phone, as of now. Read again whenever the app comes to the front. */
public class Permissions(private val context: Context) {
    /** The position. */
    public fun location(): PermissionState {
        val manager = context.getSystemService(LocationManager::class.java)
            ?: return PermissionState.ABSENT
        val on = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            manager.isLocationEnabled
        } else {
            manager.isProviderEnabled(LocationManager.GPS_PROVIDER)
        }
        return when {
            !granted(ACCESS_COARSE_LOCATION) && !granted(ACCESS_FINE_LOCATION) -> PermissionState.NOT_GRANTED
            !on -> PermissionState.SWITCHED_OFF
            !granted(ACCESS_FINE_LOCATION) -> PermissionState.APPROXIMATE
            else -> PermissionState.READY
        }
    }

    /** Store beacons. */
    public fun bluetooth(): PermissionState {
        val adapter = context.getSystemService(BluetoothManager::class.java)?.adapter
        // A beacon tells where the phone is, so that Android asks for the location, too.
        val needed =
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
                listOf(BLUETOOTH_SCAN, ACCESS_FINE_LOCATION)
            } else {
                listOf(ACCESS_FINE_LOCATION)
            }
        return when {
            adapter == null || !has(PackageManager.FEATURE_BLUETOOTH_LE) -> PermissionState.ABSENT
            !needed.all(::granted) -> PermissionState.NOT_GRANTED
            !adapter.isEnabled -> PermissionState.SWITCHED_OFF
            else -> PermissionState.READY
        }
    }

    /** The camera. */
    public fun camera(): PermissionState = when {
        !has(PackageManager.FEATURE_CAMERA_ANY) -> PermissionState.ABSENT
        !granted(CAMERA) -> PermissionState.NOT_GRANTED
        else -> PermissionState.READY
    }

    /** Tags, and paying contactless: what `MemberAsk.phoneHasNfc` wants to know. */
    public fun nfc(): PermissionState {
        val adapter = NfcAdapter.getDefaultAdapter(context)
        return when {
            adapter == null -> PermissionState.ABSENT
            !adapter.isEnabled -> PermissionState.SWITCHED_OFF
            else -> PermissionState.READY
        }
    }

    /** Notifications: [NoticePoster] posts nothing unless they are ready. */
    public fun notifications(): PermissionState {
        val manager = context.getSystemService(NotificationManager::class.java)
        val asked = Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU
        return when {
            manager == null -> PermissionState.ABSENT
            asked && !granted(POST_NOTIFICATIONS) -> PermissionState.NOT_GRANTED
            !manager.areNotificationsEnabled() -> PermissionState.SWITCHED_OFF
            else -> PermissionState.READY
        }
    }

    private fun granted(permission: String): Boolean =
        context.checkSelfPermission(permission) == PackageManager.PERMISSION_GRANTED

    private fun has(feature: String): Boolean = context.packageManager.hasSystemFeature(feature)
}
