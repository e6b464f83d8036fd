package app.tillsight.android

import android.content.Context
import android.hardware.Sensor
import android.hardware.SensorManager
import android.hardware.TriggerEvent
import android.hardware.TriggerEventListener
import app.tillsight.Motion
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate

/**
 * Whether the phone moves, as its own motion sensors tell: without a permission and at almost no
 * power. They do not tell riding from walking; an app that has activity recognition hands the wallet
 * what that says instead.
 */
public class MotionSource(context: Context) {
    private val manager = context.getSystemService(SensorManager::class.java)

    /** The motion whenever it changes, while someone collects; nothing on a phone without the sensors. */
    public fun motions(): Flow<Motion> = callbackFlow {
        val moves = manager?.getDefaultSensor(Sensor.TYPE_SIGNIFICANT_MOTION)
        val rests = manager?.getDefaultSensor(Sensor.TYPE_STATIONARY_DETECT)
        if (manager == null || moves == null || rests == null) {
            close()
            return@callbackFlow
        }
        val listener = object : TriggerEventListener() {
            override fun onTrigger(event: TriggerEvent) {
                val moving = event.sensor.type == Sensor.TYPE_SIGNIFICANT_MOTION
                trySend(if (moving) Motion.WALKING else Motion.STILL)
                // Each tells once; now the other is waited for.
                manager.requestTriggerSensor(this, if (moving) rests else moves)
            }
        }
        manager.requestTriggerSensor(listener, moves)
        awaitClose { manager.cancelTriggerSensor(listener, null) }
    }.conflate()
}
