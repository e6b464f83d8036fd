package app.tillsight.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.tillsight.ui.words.FormWords

/** The app's pages. */
enum class Page { HERE, PAYMENT, DEPOSIT, HISTORY, METHODS, ACCOUNT }

/** The buttons that lead to the pages; the one that is open cannot be pressed. */
@Composable
fun Pages(open: Page, words: FormWords, turn: (Page) -> Unit) = FlowRow(Modifier.fillMaxWidth()) {
    for (page in Page.entries) {
        TextButton({ turn(page) }, enabled = page != open) { Text(words.title(page)) }
    }
}

/** A page of forms under its title; `told` is what came of what the person did last. */
@Composable
fun FormPage(page: Page, told: String?, words: FormWords, content: LazyListScope.() -> Unit) = LazyColumn(
    Modifier.fillMaxSize(),
    contentPadding = PaddingValues(16.dp),
    verticalArrangement = Arrangement.spacedBy(8.dp),
) {
    item { Text(words.title(page), Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineMedium) }
    told?.let { item { Told(it) } }
    content()
}

/** Something that a screen reader is to say without being asked. */
@Composable
private fun Told(words: String) = Text(
    words,
    Modifier.semantics { liveRegion = LiveRegionMode.Polite },
    MaterialTheme.colorScheme.error,
)

/** A row: what it is, what it comes to, and what more there is to say, below. */
@Composable
fun Entry(title: String, amount: String, detail: String) =
    Column(Modifier.fillMaxWidth().padding(top = 8.dp).semantics(mergeDescendants = true) {}) {
        Text(listOf(title, amount).filter(String::isNotEmpty).joinToString("  "))
        if (detail.isNotEmpty()) {
            Text(detail, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
        }
    }

private fun FormWords.title(page: Page) = when (page) {
    Page.HERE -> here
    Page.PAYMENT -> payment
    Page.DEPOSIT -> deposit
    Page.HISTORY -> history
    Page.METHODS -> methods
    Page.ACCOUNT -> account
}
