package app.tillsight.example.ui

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Button
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.PasswordVisualTransformation
import androidx.compose.ui.unit.dp
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.tillsight.ServerState
import app.tillsight.example.Visit
import app.tillsight.example.words.Line
import app.tillsight.example.words.Lines
import app.tillsight.example.words.Words
import kotlinx.coroutines.CoroutineScope

/** The settlement screen. Sizes are the system's text sizes, and start and end follow the language. */
@Composable
fun SettlementView(visit: Visit, words: Words, lines: Lines, scope: CoroutineScope) {
    val screen by visit.screens.collectAsStateWithLifecycle()
    val remedy by visit.remedy.collectAsStateWithLifecycle()
    var scanning by remember { mutableStateOf(false) }
    var registering by remember { mutableStateOf<String?>(null) }
    LazyColumn(Modifier.fillMaxSize().safeDrawingPadding().padding(horizontal = 16.dp)) {
        item {
            Text(
                lines.heading(screen),
                style = MaterialTheme.typography.headlineMedium,
                // A screen reader hears of another store without being asked.
                modifier = Modifier.semantics { heading(); liveRegion = LiveRegionMode.Polite },
            )
            Text(lines.subtitle(screen), style = MaterialTheme.typography.bodyMedium)
            Text(lines.freshness(screen), style = MaterialTheme.typography.bodySmall)
            remedy?.let { Text(words.remedy(it), color = MaterialTheme.colorScheme.error) }
            if (screen.freshness.server == ServerState.LOGGED_OUT) LogIn(visit, words, scope)
            Button(onClick = { scanning = !scanning }) { Text(words.scan) }
            if (scanning) CameraView(visit, words) { scanning = false }
        }
        for (section in lines.sections(screen)) {
            item {
                Text(
                    section.heading,
                    style = MaterialTheme.typography.titleMedium,
                    modifier = Modifier.padding(top = 16.dp).semantics { heading() },
                )
            }
            items(section.lines) { line ->
                LineView(line) {
                    line.chooses?.let { visit.choose(scope, it) }
                    registering = line.registers
                }
                if (line.registers != null && line.registers == registering) {
                    Register(words) { code ->
                        visit.register(scope, line.registers, code)
                        registering = null
                    }
                }
            }
        }
        items(screen.attributions) { Text(it, style = MaterialTheme.typography.labelSmall) }
    }
}

@Composable
private fun LineView(line: Line, tap: () -> Unit) {
    val taken = line.chooses != null || line.registers != null
    val tapped = if (taken) Modifier.clickable(onClick = tap) else Modifier
    Row(
        tapped.fillMaxWidth().padding(vertical = 8.dp)
            .then(
                if (taken) {
                    Modifier.semantics(mergeDescendants = true) { contentDescription = line.spoken }
                } else {
                    Modifier.clearAndSetSemantics { contentDescription = line.spoken }
                },
            ),
    ) {
        Text(line.mark, Modifier.widthIn(min = 24.dp))
        Column {
            Text(line.title, style = MaterialTheme.typography.bodyLarge)
            Text(line.detail, style = MaterialTheme.typography.bodyMedium)
        }
    }
}

@Composable
private fun Register(words: Words, done: (String) -> Unit) {
    var code by remember { mutableStateOf("") }
    OutlinedTextField(code, { code = it }, singleLine = true, label = { Text(words.linkCode) })
    Button(onClick = { done(code.trim()) }, enabled = code.isNotBlank()) { Text(words.register) }
}

@Composable
private fun LogIn(visit: Visit, words: Words, scope: CoroutineScope) {
    var userId by remember { mutableStateOf("") }
    var password by remember { mutableStateOf("") }
    OutlinedTextField(userId, { userId = it }, singleLine = true, label = { Text(words.userId) })
    OutlinedTextField(
        password,
        { password = it },
        singleLine = true,
        label = { Text(words.password) },
        visualTransformation = PasswordVisualTransformation(),
    )
    Button(onClick = { visit.logIn(scope, userId, password) }) { Text(words.logIn) }
}
