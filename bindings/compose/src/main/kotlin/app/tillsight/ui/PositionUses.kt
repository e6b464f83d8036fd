package app.tillsight.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import app.tillsight.PositionUse
import app.tillsight.ui.words.FormWords
import java.text.DateFormat
import java.util.Date

/** The latest shown; the person who wants to see more of them wants them cleared. */
private const val MOST = 20

/** What told somebody where this phone is, and a way to forget it. */
@Composable
fun PositionUses(uses: List<PositionUse>, words: FormWords, taps: AccountTaps) = Column(Modifier.fillMaxWidth()) {
    Text(words.positionUses)
    if (uses.isEmpty()) Text(words.noPositionUses)
    for (use in uses.take(MOST)) Entry(words.used(use), "", DateFormat.getDateTimeInstance().format(Date(use.atMs)))
    TextButton({ taps.clearPositionUses() }, enabled = uses.isNotEmpty()) { Text(words.clear) }
}
