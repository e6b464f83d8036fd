package app.tillsight.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.Button
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.input.PasswordVisualTransformation
import androidx.compose.ui.text.input.VisualTransformation
import app.tillsight.ui.words.Words

/** Asks for the code that a method's company gave. */
@Composable
fun Register(words: Words, done: (String) -> Unit) = Column(Modifier.fillMaxWidth()) {
    var code by rememberSaveable { mutableStateOf("") }
    val keyboard = KeyboardOptions(KeyboardCapitalization.Characters, autoCorrectEnabled = false)
    Field(code, { code = it }, words.linkCode, keyboard)
    Button({ done(code.trim()) }, enabled = code.isNotBlank()) { Text(words.register) }
}

/** Asks for user id and password. */
@Composable
fun LogIn(words: Words, done: (userId: String, password: String) -> Unit) = Column(Modifier.fillMaxWidth()) {
    var userId by rememberSaveable { mutableStateOf("") }
    // Not saved.
    var password by remember { mutableStateOf("") }
    Field(userId, { userId = it }, words.userId, KeyboardOptions(autoCorrectEnabled = false))
    Secret(password, { password = it }, words.password, KeyboardType.Password)
    Button({ done(userId, password) }, enabled = userId.isNotBlank() && password.isNotEmpty()) { Text(words.logIn) }
}

/** Neither learnt by the keyboard nor readable over a shoulder; whoever holds its value does not save it. */
@Composable
fun Secret(value: String, change: (String) -> Unit, label: String, keyboard: KeyboardType) = Field(
    value, change, label, KeyboardOptions(autoCorrectEnabled = false, keyboardType = keyboard),
    PasswordVisualTransformation(),
)

/** A field of one line. */
@Composable
fun Field(
    value: String,
    change: (String) -> Unit,
    label: String,
    keyboard: KeyboardOptions,
    shown: VisualTransformation = VisualTransformation.None,
) = OutlinedTextField(
    value, change, Modifier.fillMaxWidth(), label = { Text(label) }, singleLine = true,
    keyboardOptions = keyboard, visualTransformation = shown,
)
