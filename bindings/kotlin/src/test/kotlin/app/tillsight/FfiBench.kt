package app.tillsight

import app.tillsight.core.Wallet as Core
import java.nio.ByteBuffer
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.condition.EnabledIfSystemProperty

/** The calls of `benches/ffi.rs` through the bindings; `cargo xtask ffi` runs both. */
@EnabledIfSystemProperty(named = "tillsight.bench", matches = "true")
class FfiBench {
    private val server: String = System.getenv("TILLSIGHT_SERVER")
    private val rootKey: String = System.getenv("TILLSIGHT_ROOT_KEY")

    @Test
    fun `fix to screen and a plane, timed as Rust times its own`() = runBlocking {
        val folder = phoneFolder()
        Wallet.open(config(folder, server, rootKey), Reversed).use {
            it.logIn("hanako", "correct horse battery staple")
            it.prefetch(41.8959, 12.5036)
        }
        val core = Core.open(config(folder, rootKey = rootKey), KeyStoreAdapter(Reversed), null, LogAdapter { _, _ -> }, null)
        core.use {
            val drawn = median { core.senseFix(fix()).candidates.size }
            val screen = median { core.screen().candidates.size }
            println("ffi kotlin: fix to screen $drawn, screen $screen ns (medians of $CALLS)")
            val plane = ByteBuffer.allocateDirect(1280 * 720)
            val shape = PlaneShape(1280u, 1u, 1280u, 0u)
            val refused = median { runCatching { core.sensePlane(plane, shape) }.isFailure.compareTo(false) }
            println("ffi kotlin: a 1280 x 720 plane handed over $refused ns (medians of $CALLS)")
            assertTrue(core.screen().candidates.isNotEmpty(), "nothing was drawn")
        }
    }

    @Test
    fun `the whole call of the package, with its coroutine`() = runBlocking {
        Wallet.open(config(phoneFolder()), Reversed).use { wallet ->
            val drawn = median { runBlocking { wallet.sense(fix()).candidates.size } }
            println("ffi kotlin: empty screen through the suspending call $drawn ns (medians of $CALLS)")
        }
    }

    @Test
    fun `the first screen of a process over a hundred thousand stores`() {
        val times = List(STARTS) { FirstScreen.ofAProcess(System.getenv("TILLSIGHT_CACHE")) }
        val time = times.map { it.first }.sorted()[STARTS / 2] / 1_000
        val work = times.map { it.second }.sorted()[STARTS / 2] / 1_000
        println("ffi kotlin: first screen $time us, $work us of work (median of $STARTS processes)")
    }

    private fun fix() = Fix(41.8959, 12.5036, 20.0, System.currentTimeMillis(), false)

    /** The middle call: of the middle round, and of the best. */
    private inline fun median(call: () -> Int): String {
        var kept = 0
        repeat(WARM_UP) { kept += call() }
        val times = LongArray(CALLS)
        val rounds = LongArray(ROUNDS)
        for (round in 0 until ROUNDS) {
            for (index in 0 until CALLS) {
                val start = System.nanoTime()
                kept += call()
                times[index] = System.nanoTime() - start
            }
            times.sort()
            rounds[round] = times[CALLS / 2]
        }
        check(kept != Int.MIN_VALUE)
        rounds.sort()
        return "${rounds[ROUNDS / 2]} (best round ${rounds[0]})"
    }

    private companion object {
        const val WARM_UP = 5_000
        const val CALLS = 5_000
        const val ROUNDS = 7
        const val STARTS = 15
    }
}
