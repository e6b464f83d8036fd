package app.tillsight.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.itemsIndexed
import androidx.compose.material3.Button
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.tillsight.MethodState
import app.tillsight.Remedy
import app.tillsight.ReportKind
import app.tillsight.ServerState
import app.tillsight.SettlementScreen
import app.tillsight.ui.words.Line
import app.tillsight.ui.words.Lines
import app.tillsight.ui.words.SectionKind
import app.tillsight.ui.words.Words

/** What the person does on the screen. */
interface Taps {
    fun logIn(userId: String, password: String)

    fun choose(store: String)

    /** The member is not there. */
    fun deny(store: String)

    fun register(scheme: String, linkCode: String)

    /** Says what happened at the till. */
    fun report(store: String, method: String, kind: ReportKind)

    /** So much is to be paid by the store's own code, which names no amount. */
    fun type(amountMinor: Long, currency: String)

    /** Begins to pay what the code that was scanned asks for, or what was typed. */
    fun pay(method: String)

    fun refresh()
}

/**
 * The settlement screen. Sizes are the system's text sizes, and start and end follow the language.
 *
 * @param camera draws the camera's picture, and calls what it is given when a code was read; without one no
 *   code is scanned.
 */
@Composable
fun SettlementView(
    screen: SettlementScreen,
    remedy: Remedy?,
    lines: Lines,
    taps: Taps,
    camera: (@Composable (done: () -> Unit) -> Unit)?,
) {
    var scanning by rememberSaveable { mutableStateOf(false) }
    var registering by rememberSaveable { mutableStateOf<String?>(null) }
    var reporting by rememberSaveable { mutableStateOf<String?>(null) }
    Column(Modifier.fillMaxSize()) {
        if (scanning) camera?.invoke { scanning = false }
        LazyColumn(
            Modifier.weight(1f).fillMaxWidth(),
            contentPadding = PaddingValues(16.dp),
            verticalArrangement = Arrangement.spacedBy(4.dp),
        ) {
            item { Head(screen, remedy, lines, taps) }
            item { Question(screen, lines, taps) }
            for (section in lines.sections(screen)) {
                item {
                    Written(
                        section.heading,
                        MaterialTheme.typography.titleMedium,
                        Modifier.padding(top = 16.dp).semantics { heading() },
                        MaterialTheme.colorScheme.primary,
                    )
                }
                itemsIndexed(section.lines) { nth, line ->
                    LineView(line, isFirst = nth == 0 && section.kind == SectionKind.WORKS) {
                        line.chooses?.let(taps::choose)
                        line.pays?.let(taps::pay)
                        registering = line.registers.takeIf { it != registering }
                        reporting = line.reports.takeIf { it != reporting }
                    }
                    val store = screen.store?.id
                    if (store != null && line.reports != null && line.reports == reporting) {
                        Report(lines.words) { kind ->
                            taps.report(store, line.reports, kind)
                            reporting = null
                        }
                    }
                    if (line.registers != null && line.registers == registering) {
                        Register(lines.words) { code ->
                            taps.register(line.registers, code)
                            registering = null
                        }
                    }
                }
                val most = lines.typedUpTo(screen).takeIf { section.kind == SectionKind.SCANNED } ?: continue
                item { AmountForm(most, lines) { taps.type(it, most.currency) } }
            }
            items(screen.attributions) { Written(it, MaterialTheme.typography.labelSmall) }
        }
        if (camera == null) return@Column
        // Where a thumb reaches it, however long the list is.
        Button({ scanning = !scanning }, Modifier.fillMaxWidth().padding(16.dp)) {
            Text(if (scanning) lines.words.closeCamera else lines.words.scan)
        }
    }
}

@Composable
private fun Head(screen: SettlementScreen, remedy: Remedy?, lines: Lines, taps: Taps) = Column {
    Written(
        lines.heading(screen),
        MaterialTheme.typography.headlineMedium,
        // A screen reader hears of another store without being asked.
        Modifier.semantics { heading(); liveRegion = LiveRegionMode.Polite },
    )
    Written(lines.subtitle(screen), MaterialTheme.typography.bodyMedium)
    remedy?.let {
        Written(
            lines.words.remedy(it),
            MaterialTheme.typography.bodyLarge,
            Modifier.semantics { liveRegion = LiveRegionMode.Polite },
            MaterialTheme.colorScheme.error,
        )
    }
    lines.storage(screen).forEach {
        Written(
            it,
            MaterialTheme.typography.bodyMedium,
            Modifier.semantics { liveRegion = LiveRegionMode.Polite },
            MaterialTheme.colorScheme.error,
        )
    }
    if (screen.freshness.server == ServerState.LOGGED_OUT) {
        LogIn(lines.words, taps::logIn)
    } else {
        Row(verticalAlignment = Alignment.CenterVertically) {
            Written(lines.freshness(screen), MaterialTheme.typography.bodyMedium, Modifier.weight(1f))
            TextButton(taps::refresh) { Text(lines.words.refresh) }
        }
    }
}

/** The one question whose answer tells most: a tap on yes or no. */
@Composable
private fun Question(screen: SettlementScreen, lines: Lines, taps: Taps) {
    val store = screen.question?.store?.id ?: return
    Column {
        Written(lines.question(screen).orEmpty(), MaterialTheme.typography.titleMedium, Modifier.padding(top = 8.dp))
        Row(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
            Button({ taps.choose(store) }) { Text(lines.words.yes) }
            TextButton({ taps.deny(store) }) { Text(lines.words.no) }
        }
    }
}

/** What happened at the till: one tap. */
@Composable
private fun Report(words: Words, done: (ReportKind) -> Unit) = Column {
    for (kind in ReportKind.entries) {
        TextButton({ done(kind) }) { Text(words.report(kind)) }
    }
}

/** The first that works is the one to take and stands out; each row's mark says by its shape how it stands. */
@Composable
private fun LineView(line: Line, isFirst: Boolean, tap: () -> Unit) {
    val colors = MaterialTheme.colorScheme
    val style = if (isFirst) MaterialTheme.typography.titleLarge else MaterialTheme.typography.bodyLarge
    val ink = if (isFirst) colors.onPrimary else colors.onSurface
    val spoken = Modifier.semantics(mergeDescendants = true) { contentDescription = line.spoken }
    val card = if (isFirst) colors.primary else colors.surfaceContainer
    val tapped = if (line.isTapped) Modifier.clickable(role = Role.Button, onClick = tap) else Modifier
    val row = Modifier.clip(MaterialTheme.shapes.medium).background(card).then(tapped)
    Row(row.fillMaxWidth().heightIn(min = Tokens.target).then(spoken).padding(Tokens.space3)) {
        Marked(line, isFirst, style, ink)
        Column(Modifier.weight(1f)) {
            // Side by side, large letters would leave a name a few of them a line.
            if (LocalDensity.current.fontScale > 1.3f) {
                Written(line.title, style, Modifier, ink)
                Written(line.amount, style, Modifier.align(Alignment.End), ink)
            } else {
                Row {
                    Written(line.title, style, Modifier.weight(1f).padding(end = 8.dp), ink)
                    Written(line.amount, style, Modifier, ink)
                }
            }
            val quiet = if (isFirst) ink else colors.onSurfaceVariant
            Written(line.detail, MaterialTheme.typography.bodyMedium, Modifier, quiet)
        }
    }
}

/** What stands before a row: a method's mark, or a sign. */
@Composable
private fun Marked(line: Line, isFirst: Boolean, style: TextStyle, ink: Color) {
    val colours = LocalColours.current
    val beside = Modifier.padding(end = Tokens.space2)
    line.state?.let { state ->
        val (colour, sign) = when (state) {
            MethodState.ACTIVE -> if (isFirst) colours.onGo to colours.go else colours.go to colours.onGo
            MethodState.LIKELY -> colours.go to colours.onGo
            MethodState.UNSURE -> colours.unsure to colours.surface
            MethodState.LIKELY_NOT, MethodState.INACTIVE -> colours.off to colours.onOff
        }
        Mark(state, colour, sign, beside)
        return
    }
    if (line.mark.isEmpty()) return
    val warns = line.mark == "!"
    val bold = style.copy(fontWeight = FontWeight.Bold)
    Written(line.mark, bold, beside.widthIn(min = 24.dp), if (warns) colours.danger else ink)
}

/**
 * Words in their own direction, whatever the screen's is, since names come in any language. Nothing
 * when there are none.
 */
@Composable
private fun Written(
    text: String,
    style: TextStyle,
    modifier: Modifier = Modifier,
    color: Color = MaterialTheme.colorScheme.onSurface,
) {
    if (text.isEmpty()) return
    val start = if (LocalLayoutDirection.current == LayoutDirection.Rtl) TextAlign.Right else TextAlign.Left
    Text(text, modifier, color, style = style.copy(textDirection = TextDirection.Content, textAlign = start))
}
