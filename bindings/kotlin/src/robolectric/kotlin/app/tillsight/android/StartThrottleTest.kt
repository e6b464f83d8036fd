package app.tillsight.android

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class StartThrottleTest {
    @Test
    fun `no five starts ever fall into thirty seconds`() {
        val throttle = StartThrottle()
        val starts = List(40) { number ->
            val asked = number * 500L
            asked + throttle.wait(asked)
        }
        for (window in starts.windowed(5)) {
            assertTrue(window.last() - window.first() >= 30_000, "$window")
        }
    }

    @Test
    fun `a start after a pause does not wait`() {
        val throttle = StartThrottle()
        repeat(4) { assertEquals(0, throttle.wait(it * 10L)) }
        assertEquals(0, throttle.wait(31_000))
    }
}
