package app.tillsight

import java.nio.file.Path
import kotlin.io.path.extension
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.nameWithoutExtension
import kotlin.io.path.readText
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory

/** The scenarios of `tests/scenarios`, as `tests/scenarios.rs` plays them: byte-identical screens. */
class ScenariosTest {
    @TestFactory
    fun `every scenario comes to its screens`(): List<DynamicTest> {
        val files = Path.of("../../tests/scenarios").listDirectoryEntries().filter { it.extension == "json" }
        check(files.size >= 3) { "only ${files.size} scenarios were found" }
        return files.map { file ->
            dynamicTest(file.nameWithoutExtension) {
                val kept = file.resolveSibling("${file.nameWithoutExtension}.screens").readText()
                assertEquals(kept, runBlocking { play(Scenario(file)) })
            }
        }
    }

    /** One line for each step. */
    private suspend fun play(scenario: Scenario): String = scenario.open().use { wallet ->
        buildString {
            for (step in scenario.steps) {
                append(
                    try {
                        scenario.json(wallet, step)
                    } catch (error: WalletException) {
                        error.reference
                    },
                )
                append('\n')
            }
        }
    }
}
