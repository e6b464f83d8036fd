package app.tillsight.ui.member

import app.tillsight.ui.CodeFor
import java.io.File
import java.io.IOException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.withContext

/**
 * For what a code was mailed, and what the server knows it by; kept in `file`, since the person leaves the app
 * to read it. A file that is none of this counts as no code.
 */
internal class AwaitedCode(private val file: File) {
    private var kept: Pair<CodeFor, String>? = read()
    private val latest = MutableStateFlow(kept?.first)

    /** What the code is for that is waited for. */
    val what: StateFlow<CodeFor?> = latest.asStateFlow()

    /** What the server knows the code by; empty when none is waited for. */
    fun id(): String = kept?.second.orEmpty()

    /** Another code is waited for, or none. On a full disk it is known as long as the app runs. */
    suspend fun keep(what: CodeFor?, id: String = "") {
        withContext(Dispatchers.IO) {
            try {
                if (what == null) file.delete() else file.writeText("${what.name} $id")
            } catch (_: IOException) {
                file.delete()
            }
        }
        kept = what?.let { it to id }
        latest.value = what
    }

    private fun read(): Pair<CodeFor, String>? = try {
        val (name, id) = file.readText().split(' ', limit = 2)
        CodeFor.entries.find { it.name == name }?.let { it to id }
    } catch (_: IOException) {
        null
    } catch (_: IndexOutOfBoundsException) {
        null
    }
}
