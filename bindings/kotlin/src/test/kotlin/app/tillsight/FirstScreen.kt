package app.tillsight

import app.tillsight.core.Wallet as Core
import java.io.File
import java.lang.management.ManagementFactory
import java.util.concurrent.TimeUnit

/**
 * A process that draws one screen over the folder it is given, and says how long that took: from the
 * opening of the wallet, with the loading of the core, but after the start of the JVM and of JNA.
 */
object FirstScreen {
    @JvmStatic
    fun main(arguments: Array<String>) {
        // JNA starts: it unpacks and loads its own library, and on desktops asks a program for folders.
        check(C.getpid() > 0)
        val threads = ManagementFactory.getThreadMXBean()
        val worked = threads.currentThreadCpuTime
        val begun = System.nanoTime()
        val config = WalletConfig(arguments[0], "", arguments[1], "en")
        val core = Core.open(config, KeyStoreAdapter(Reversed), null, LogAdapter { _, _ -> }, null)
        val screen = core.senseFix(Fix(41.8959, 12.5036, 20.0, System.currentTimeMillis(), false))
        val time = System.nanoTime() - begun
        val work = threads.currentThreadCpuTime - worked
        val methods = screen.active + screen.likely + screen.unsure + screen.inactive
        check(screen.store != null && methods.size == 5) { "not what the cache holds: $screen" }
        println("first $time $work")
    }

    private object C {
        init {
            com.sun.jna.Native.register(C::class.java, "c")
        }

        external fun getpid(): Int
    }

    /** The time of a process of its own, and what of it the processor worked on it; nanoseconds. */
    fun ofAProcess(folder: String): Pair<Long, Long> {
        val rootKey = File(folder, "root-key").readText()
        val java = File(System.getProperty("java.home"), "bin/java").path
        val classes = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
        val library = "-Djna.library.path=${System.getProperty("jna.library.path")}"
        val child = ProcessBuilder(java, "-cp", classes, library, FirstScreen::class.java.name, folder, rootKey)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
        val text = child.inputStream.bufferedReader().readText()
        check(child.waitFor(60, TimeUnit.SECONDS) && child.exitValue() == 0) { "no screen was drawn" }
        val (time, work) = text.trim().removePrefix("first ").split(' ').map(String::toLong)
        return time to work
    }
}
