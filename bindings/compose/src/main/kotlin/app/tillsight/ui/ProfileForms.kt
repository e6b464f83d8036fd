package app.tillsight.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.input.KeyboardType
import app.tillsight.ProfileAsk
import app.tillsight.ProfileRow
import app.tillsight.ui.words.FormWords

/** Who the member is, to be changed with the password. */
@Composable
fun ProfileForm(profile: ProfileRow, words: FormWords, taps: AccountTaps) = Column(Modifier.fillMaxWidth()) {
    var name by rememberSaveable(profile.name) { mutableStateOf(profile.name) }
    var address by rememberSaveable(profile.address) { mutableStateOf(profile.address) }
    var phone by rememberSaveable(profile.phone) { mutableStateOf(profile.phone) }
    var password by remember { mutableStateOf("") }
    Text(words.profile)
    Field(name, { name = it }, words.name, KeyboardOptions.Default)
    Field(address, { address = it }, words.address, KeyboardOptions.Default)
    Field(phone, { phone = it }, words.phone, KeyboardOptions(keyboardType = KeyboardType.Phone))
    Secret(password, { password = it }, words.presentPassword, KeyboardType.Password)
    val filled = listOf(name, address, phone, password).all(String::isNotBlank)
    TextButton({ taps.changeProfile(ProfileAsk(name, address, phone), password) }, enabled = filled) {
        Text(words.change)
    }
}

/** Where codes are sent: another address, or the code that was sent there. */
@Composable
fun EmailForm(awaited: CodeFor?, words: FormWords, taps: AccountTaps) = Column(Modifier.fillMaxWidth()) {
    var email by rememberSaveable { mutableStateOf("") }
    var password by remember { mutableStateOf("") }
    if (awaited == CodeFor.EMAIL) {
        CodeForm(words, null) { code, _ -> taps.confirmEmail(code) }
    } else {
        val filled = email.isNotBlank() && password.isNotEmpty()
        Field(email, { email = it }, words.newEmail, KeyboardOptions(keyboardType = KeyboardType.Email))
        Secret(password, { password = it }, words.presentPassword, KeyboardType.Password)
        TextButton({ taps.changeEmail(email.trim(), password) }, enabled = filled) { Text(words.sendCode) }
    }
}
