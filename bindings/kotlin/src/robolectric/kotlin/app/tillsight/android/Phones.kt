package app.tillsight.android

import android.Manifest.permission.ACCESS_FINE_LOCATION
import android.Manifest.permission.BLUETOOTH_SCAN
import android.app.Application
import android.bluetooth.BluetoothManager
import android.bluetooth.le.BluetoothLeScanner
import android.content.pm.PackageManager
import android.location.LocationManager
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowBluetoothLeScanner

/** A phone whose owner allowed everything. */
fun Application.allowed(): Application = apply {
    shadowOf(packageManager).setSystemFeature(PackageManager.FEATURE_BLUETOOTH_LE, true)
    shadowOf(this).grantPermissions(ACCESS_FINE_LOCATION, BLUETOOTH_SCAN)
    shadowOf(getSystemService(LocationManager::class.java)!!).setLocationEnabled(true)
    shadowOf(getSystemService(BluetoothManager::class.java)!!.adapter).setEnabled(true)
}

/** What the phone's radio was told. */
fun Application.radio(): ShadowBluetoothLeScanner {
    val scanner: BluetoothLeScanner = getSystemService(BluetoothManager::class.java)!!.adapter.bluetoothLeScanner
    return org.robolectric.shadow.api.Shadow.extract(scanner)
}
