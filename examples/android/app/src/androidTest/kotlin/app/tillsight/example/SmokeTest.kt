package app.tillsight.example

import androidx.test.ext.junit.runners.AndroidJUnit4
import androidx.test.platform.app.InstrumentationRegistry
import app.tillsight.Place
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith

/** Runs against the minified app. */
@RunWith(AndroidJUnit4::class)
class SmokeTest {
    @Test
    fun aMinifiedAppCallsThroughTheBindings() = runBlocking {
        val visit = Visit.open(InstrumentationRegistry.getInstrumentation().targetContext)
        assertEquals(Place.NOWHERE, visit.screens.value.place)
    }
}
