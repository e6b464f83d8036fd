package app.tillsight.example.smoke

import android.content.Intent
import androidx.test.ext.junit.runners.AndroidJUnit4
import androidx.test.platform.app.InstrumentationRegistry
import androidx.test.uiautomator.By
import androidx.test.uiautomator.UiDevice
import androidx.test.uiautomator.Until
import org.junit.Assert.assertNotNull
import org.junit.Test
import org.junit.runner.RunWith

/** Looks at the minified app as a person does. */
@RunWith(AndroidJUnit4::class)
class SmokeTest {
    @Test
    fun aMinifiedAppDrawsAScreenOfTheCore() {
        val instrumentation = InstrumentationRegistry.getInstrumentation()
        val phone = UiDevice.getInstance(instrumentation)
        // Answered beforehand: the questions would lie over the screen.
        for (permission in listOf("ACCESS_COARSE_LOCATION", "ACCESS_FINE_LOCATION")) {
            phone.executeShellCommand("pm grant $APP android.permission.$permission")
        }
        val open = checkNotNull(instrumentation.context.packageManager.getLaunchIntentForPackage(APP))
        instrumentation.context.startActivity(open.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
        // Drawn only when the wallet has opened.
        assertNotNull("no screen", phone.wait(Until.findObject(By.text("No known store is near")), 60_000))
    }

    private companion object {
        const val APP = "app.tillsight.example"
    }
}
