package app.tillsight.android

import android.Manifest.permission.ACCESS_COARSE_LOCATION
import android.Manifest.permission.ACCESS_FINE_LOCATION
import android.Manifest.permission.BLUETOOTH_SCAN
import android.Manifest.permission.CAMERA
import android.app.Application
import android.bluetooth.BluetoothManager
import android.content.pm.PackageManager
import android.location.LocationManager
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** Every state of every sense, as Android's own services tell it. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class PermissionsTest {
    private val app: Application = RuntimeEnvironment.getApplication()
    private val permissions = Permissions(app)

    @Test
    fun `an approximate position is told from a precise one and from none`() {
        shadowOf(app.getSystemService(LocationManager::class.java)!!).setLocationEnabled(true)
        assertEquals(PermissionState.NOT_GRANTED, permissions.location())
        shadowOf(app).grantPermissions(ACCESS_COARSE_LOCATION)
        assertEquals(PermissionState.APPROXIMATE, permissions.location())
        shadowOf(app).grantPermissions(ACCESS_FINE_LOCATION)
        assertEquals(PermissionState.READY, permissions.location())
        shadowOf(app.getSystemService(LocationManager::class.java)!!).setLocationEnabled(false)
        assertEquals(PermissionState.SWITCHED_OFF, permissions.location())
    }

    @Test
    fun `beacons need the scan and the position and a radio that is on`() {
        shadowOf(app.packageManager).setSystemFeature(PackageManager.FEATURE_BLUETOOTH_LE, false)
        assertEquals(PermissionState.ABSENT, permissions.bluetooth())
        shadowOf(app.packageManager).setSystemFeature(PackageManager.FEATURE_BLUETOOTH_LE, true)
        shadowOf(app).grantPermissions(BLUETOOTH_SCAN)
        assertEquals(PermissionState.NOT_GRANTED, permissions.bluetooth())
        shadowOf(app).grantPermissions(ACCESS_FINE_LOCATION)
        val radio = shadowOf(app.getSystemService(BluetoothManager::class.java)!!.adapter)
        radio.setEnabled(false)
        assertEquals(PermissionState.SWITCHED_OFF, permissions.bluetooth())
        radio.setEnabled(true)
        assertEquals(PermissionState.READY, permissions.bluetooth())
    }

    @Test
    fun `a phone without a camera or NFC says so instead of asking`() {
        shadowOf(app.packageManager).setSystemFeature(PackageManager.FEATURE_CAMERA_ANY, false)
        assertEquals(PermissionState.ABSENT, permissions.camera())
        shadowOf(app.packageManager).setSystemFeature(PackageManager.FEATURE_CAMERA_ANY, true)
        assertEquals(PermissionState.NOT_GRANTED, permissions.camera())
        shadowOf(app).grantPermissions(CAMERA)
        assertEquals(PermissionState.READY, permissions.camera())
        shadowOf(app.packageManager).setSystemFeature(PackageManager.FEATURE_NFC, false)
        assertEquals(PermissionState.ABSENT, permissions.nfc())
    }
}
