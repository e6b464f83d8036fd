package app.tillsight.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.lazy.itemsIndexed
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import app.tillsight.MethodAsk
import app.tillsight.MethodsScreen
import app.tillsight.RegisteredRow
import app.tillsight.formatted
import app.tillsight.ui.words.FormWords
import app.tillsight.ui.words.Words
import java.util.Locale

/** What the person does on the methods page. */
interface MethodTaps {
    fun change(method: String, ask: MethodAsk)

    fun remove(method: String)

    fun link(scheme: String, linkCode: String)
}

/** The methods page: what is registered, what can be changed of it, and a form to link another. */
@Composable
fun MethodsView(
    screen: MethodsScreen,
    operators: List<String>,
    told: String?,
    words: FormWords,
    why: Words,
    locale: Locale,
    taps: MethodTaps,
) = FormPage(Page.METHODS, told, words) {
    itemsIndexed(screen.methods) { place, method ->
        val detail = listOfNotNull(
            method.reason?.let(why::why),
            words.depositSource.takeIf { method.isDepositSource },
            method.schemes.joinToString(),
        ).joinToString(" · ")
        Entry(method.name, method.balance?.formatted(locale) ?: why.balanceUnknown, detail)
        Changes(method, place, words, taps)
    }
    item { LinkForm(operators, words, why, taps) }
}

@Composable
private fun Changes(method: RegisteredRow, place: Int, words: FormWords, taps: MethodTaps) = Column {
    var renaming by rememberSaveable(method.id) { mutableStateOf<String?>(null) }
    fun change(ask: MethodAsk) = taps.change(method.id, ask)
    FlowRow {
        Action(if (method.isBlocked) words.unblock else words.block) { change(MethodAsk(blocked = !method.isBlocked)) }
        if (place > 0) Action(words.up) { change(MethodAsk(place = (place - 1).toUInt())) }
        if (method.canBeDepositSource && !method.isDepositSource) {
            Action(words.takeDepositsFrom) { change(MethodAsk(depositSource = true)) }
        }
        Action(words.rename) { renaming = if (renaming == null) method.name else null }
        Action(words.remove) { taps.remove(method.id) }
    }
    renaming?.let { name ->
        Field(name, { renaming = it }, words.name, KeyboardOptions.Default)
        TextButton({ change(MethodAsk(name = name)); renaming = null }, enabled = name.isNotBlank()) { Text(words.change) }
    }
}

@Composable
private fun Action(name: String, tap: () -> Unit) = TextButton(tap) { Text(name) }

@Composable
private fun LinkForm(operators: List<String>, words: FormWords, why: Words, taps: MethodTaps) = Column {
    var scheme by rememberSaveable { mutableStateOf("") }
    // Where there are several, the code has to say which of them gave it.
    var operator by rememberSaveable { mutableStateOf("") }
    Text(words.link)
    if (operators.size > 1) {
        Text(words.company)
        FlowRow { for (name in operators) TextButton({ operator = name }, enabled = name != operator) { Text(name) } }
    }
    Field(scheme, { scheme = it }, words.scheme, KeyboardOptions(autoCorrectEnabled = false))
    Register(why) { code -> taps.link(scheme.trim(), if (operator.isEmpty() || ':' in code) code else "$operator:$code") }
}
