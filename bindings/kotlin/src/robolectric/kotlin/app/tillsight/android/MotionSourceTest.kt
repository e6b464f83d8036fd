package app.tillsight.android

import app.tillsight.Motion
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class MotionSourceTest {
    private val app = RuntimeEnvironment.getApplication()

    @Test
    fun `a phone without motion sensors tells nothing and does not fail`() = runBlocking {
        assertEquals(emptyList<Motion>(), MotionSource(app).motions().toList())
    }
}
