package app.tillsight.ui.member

import app.tillsight.WalletException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch

/**
 * Does what the person wants, and tells why the last of it came to nothing.
 *
 * @param scope what the person began ends with it, and not with a page.
 */
class Telling(private val scope: CoroutineScope) {
    private val latest = MutableStateFlow<WalletException?>(null)

    /** Why the last thing the person did came to nothing. */
    val refused: StateFlow<WalletException?> = latest.asStateFlow()

    operator fun invoke(call: suspend () -> Unit) {
        scope.launch {
            latest.value = try {
                call()
                null
            } catch (error: WalletException) {
                error
            }
        }
    }
}
