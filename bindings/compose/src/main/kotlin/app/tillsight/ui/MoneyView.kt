package app.tillsight.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.Button
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.input.KeyboardType
import app.tillsight.DepositAsk
import app.tillsight.DepositScreen
import app.tillsight.DepositSource
import app.tillsight.HistoryRow
import app.tillsight.formatted
import app.tillsight.ui.words.FormWords
import app.tillsight.ui.words.Words
import java.text.DateFormat
import java.util.Date
import java.util.Locale
import java.util.UUID

/** What the person does on the pages of money. */
interface MoneyTaps {
    fun deposit(ask: DepositAsk)

    /** Fetches the page of the history after those that are there. */
    fun moreHistory()
}

/** The deposit page: a form, and what became of each deposit. */
@Composable
fun DepositView(screen: DepositScreen, told: String?, words: FormWords, why: Words, locale: Locale, taps: MoneyTaps) =
    FormPage(Page.DEPOSIT, told, words) {
        item {
            if (screen.sources.isEmpty()) Text(words.nothingToDepositFrom) else DepositForm(screen, words, why, locale, taps)
        }
        items(screen.wallets) { Entry(it.name, it.balance?.formatted(locale) ?: why.balanceUnknown, "") }
        items(screen.deposits) {
            val detail = listOfNotNull(words.state(it.state), it.reason?.let(words::reason)).joinToString(": ")
            Entry(it.source, it.amount.formatted(locale), "$detail  ${moment(it.askedAtMs, locale)}")
        }
    }

/** An id belongs to one form as it was filled in: a double tap is one deposit, a changed form another. */
@Composable
private fun DepositForm(screen: DepositScreen, words: FormWords, why: Words, locale: Locale, taps: MoneyTaps) =
    Column(Modifier.fillMaxWidth()) {
        var source by rememberSaveable { mutableStateOf("") }
        var amount by rememberSaveable { mutableStateOf("") }
        var id by rememberSaveable { mutableStateOf(UUID.randomUUID().toString()) }
        fun anew() {
            id = UUID.randomUUID().toString()
        }
        Text(words.from)
        for (one in screen.sources) {
            Source(one, one.id == source, why, locale) { source = one.id; anew() }
        }
        Field(amount, { amount = it; anew() }, words.amount, KeyboardOptions(keyboardType = KeyboardType.Decimal))
        val into = screen.wallets.firstNotNullOfOrNull { it.balance }
        val minor = into?.let { minorUnits(amount, it.decimals.toInt()) }?.takeIf { it > 0 }
        Button(
            { if (into != null && minor != null) taps.deposit(DepositAsk(id, source, minor, into.currency)) },
            enabled = minor != null && source.isNotEmpty(),
        ) { Text(words.doDeposit) }
    }

@Composable
private fun Source(source: DepositSource, chosen: Boolean, why: Words, locale: Locale, choose: () -> Unit) =
    Row(
        Modifier.fillMaxWidth().selectable(chosen, source.reason == null, Role.RadioButton, choose),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        RadioButton(chosen, null, enabled = source.reason == null)
        Entry(source.name, source.balance?.formatted(locale).orEmpty(), source.reason?.let(why::why).orEmpty())
    }

/** The history as far as it was fetched; `more` when there is another page. */
@Composable
fun HistoryView(
    rows: List<HistoryRow>,
    more: Boolean,
    told: String?,
    words: FormWords,
    locale: Locale,
    taps: MoneyTaps,
) = FormPage(Page.HISTORY, told, words) {
    if (rows.isEmpty() && !more) item { Text(words.nothingMoved) }
    items(rows) { Moved(it, words, locale) }
    if (more) item { TextButton(taps::moreHistory) { Text(words.more) } }
}

/** A payment or deposit, and beneath it what undid it. */
@Composable
private fun Moved(row: HistoryRow, words: FormWords, locale: Locale) = Column {
    val what = listOfNotNull(words.kind(row.kind), row.store).joinToString("  ")
    val method = listOfNotNull(row.from?.let { "$it → ${row.method}" } ?: row.method, row.left?.formatted(locale))
    Entry(what, row.change.formatted(locale), "${method.joinToString(" ")}  ${moment(row.atMs, locale)}")
    for (refund in row.refunds) {
        Entry(words.undone(row.kind), refund.change.formatted(locale), moment(refund.atMs, locale))
    }
}

private fun moment(ms: Long, locale: Locale): String =
    DateFormat.getDateTimeInstance(DateFormat.SHORT, DateFormat.SHORT, locale).format(Date(ms))
