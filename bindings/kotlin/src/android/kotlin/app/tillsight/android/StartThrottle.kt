package app.tillsight.android

/**
 * Keeps scan starts below what Android lets an app do: the sixth start within 30 seconds is
 * accepted and never gives a result.
 */
internal class StartThrottle {
    private val starts = ArrayDeque<Long>()

    /** How many milliseconds to wait before starting at [nowMs]; the start is counted there. */
    @Synchronized
    fun wait(nowMs: Long): Long {
        while (starts.firstOrNull()?.let { nowMs - it >= WINDOW_MS } == true) starts.removeFirst()
        val wait = if (starts.size < MOST) 0 else starts[starts.size - MOST] + WINDOW_MS - nowMs
        starts.addLast(nowMs + wait)
        return wait
    }

    private companion object {
        const val WINDOW_MS = 30_000L

        /** One below the system's five, for starts it counts that this class does not see. */
        const val MOST = 4
    }
}
