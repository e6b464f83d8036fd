package app.tillsight.android

import android.location.Location
import android.location.LocationManager
import app.tillsight.FixProvider
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowLooper

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class FixSourceTest {
    private val app = RuntimeEnvironment.getApplication().allowed()
    private val manager = app.getSystemService(LocationManager::class.java)!!

    @Test
    fun `fixes come at the plan's spacing and the receiver is let go with the collector`() = runBlocking {
        shadowOf(manager).setProviderEnabled(LocationManager.GPS_PROVIDER, true)
        val fix = async(Dispatchers.Unconfined, CoroutineStart.UNDISPATCHED) {
            FixSource(app).fixes(5.seconds).first()
        }
        val provider = manager.allProviders.first { shadowOf(manager).getLegacyLocationRequests(it).isNotEmpty() }
        assertEquals(5_000L, shadowOf(manager).getLocationRequests(provider).single().intervalMillis)
        shadowOf(manager).simulateLocation(location(provider))
        ShadowLooper.idleMainLooper()
        val taken = fix.await()
        assertEquals(41.8959, taken.latitude, 0.0)
        assertEquals(7.0, taken.accuracyM, 0.001)
        assertTrue(taken.mocked)
        assertTrue("the receiver runs on", shadowOf(manager).getLegacyLocationRequests(provider).isEmpty())
    }

    @Test
    fun `without a spacing only what other apps asked for is listened to`() = runBlocking {
        val waiting = async(Dispatchers.Unconfined, CoroutineStart.UNDISPATCHED) {
            FixSource(app).fixes(null).first()
        }
        val asked = manager.allProviders.filter { shadowOf(manager).getLegacyLocationRequests(it).isNotEmpty() }
        assertEquals(listOf(LocationManager.PASSIVE_PROVIDER), asked)
        waiting.cancel()
    }

    @Test
    fun `a receiver whose weeks start anew gives fixes of the age that the phone measured`() {
        ShadowLooper.idleMainLooper(10, TimeUnit.SECONDS)
        val location = location(LocationManager.GPS_PROVIDER).apply {
            time -= 1024L * 7 * 86_400_000
            elapsedRealtimeNanos -= 2_000_000_000
        }
        val before = System.currentTimeMillis()
        val fix = location.toFix()
        // The clock goes on while the fix is made.
        assertTrue(fix.takenAtMs in before - 2_000..System.currentTimeMillis() - 2_000)
        assertEquals(FixProvider.SATELLITE, fix.provider)
        assertEquals(FixProvider.NETWORK, location(LocationManager.NETWORK_PROVIDER).toFix().provider)
        assertNull("weighed from several", location(LocationManager.FUSED_PROVIDER).toFix().provider)
    }

    private fun location(provider: String) = Location(provider).apply {
        latitude = 41.8959
        longitude = 12.5036
        accuracy = 7f
        time = 1_790_000_000_000
        isMock = true
        elapsedRealtimeNanos = android.os.SystemClock.elapsedRealtimeNanos()
    }
}
