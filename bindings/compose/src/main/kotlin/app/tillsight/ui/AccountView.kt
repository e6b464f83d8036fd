package app.tillsight.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.Button
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
import app.tillsight.AccountScreen
import app.tillsight.JoinAsk
import app.tillsight.PositionUse
import app.tillsight.ProfileAsk
import app.tillsight.SecretKind
import app.tillsight.ServerState
import app.tillsight.UnlockLimit
import app.tillsight.ui.words.FormWords
import app.tillsight.ui.words.Words

/** What the person does on the account page. */
interface AccountTaps {
    fun logIn(userId: String, password: String)

    fun join(ask: JoinAsk)

    /** The code that was asked for by [join]. */
    fun confirmJoin(code: String)

    fun forgotPassword(userId: String)

    /** The code that was asked for by [forgotPassword]. */
    fun resetPassword(code: String, new: String)

    fun logOut()

    fun logOutDevice(device: String)

    fun changeProfile(ask: ProfileAsk, password: String)

    fun changeEmail(email: String, password: String)

    /** The code that was asked for by [changeEmail]. */
    fun confirmEmail(code: String)

    fun changeSecret(kind: SecretKind, present: String, new: String)

    fun setUnlockLimit(limit: UnlockLimit, settlementCode: String)

    /** Lets a new device pay at once. */
    fun agreeToDevice(device: String, settlementCode: String)

    fun clearPositionUses()

    fun export()

    fun leave(password: String)
}

/** What a code that was sent is for. */
enum class CodeFor { JOIN, RESET, EMAIL }

/**
 * The account page: forms to register and log in, or the member with the devices.
 *
 * @param limit up to how much an unlocked phone pays without asking; null while that is not known.
 * @param reached whether pushes reach the app.
 * @param uses what told somebody where this phone is, the newest first.
 */
@Composable
fun AccountView(
    screen: AccountScreen,
    awaited: CodeFor?,
    limit: UnlockLimit?,
    reached: Boolean,
    uses: List<PositionUse>,
    told: String?,
    words: FormWords,
    why: Words,
    taps: AccountTaps,
) = FormPage(Page.ACCOUNT, told, words) {
    when (screen.server) {
        ServerState.LOGGED_OUT -> item { Stranger(awaited, words, why, taps) }
        ServerState.AWAY -> item { Text(words.away) }
        ServerState.AWAITED, ServerState.LIVE -> {
            item {
                val profile = screen.profile
                Entry(screen.userId.orEmpty(), profile?.name.orEmpty(), profile?.email.orEmpty())
                Text(words.devices)
            }
            items(screen.devices) { device ->
                val name = device.name.ifEmpty { device.system.ifEmpty { words.nameless } }
                val state = listOfNotNull(
                    words.thisDevice.takeIf { device.isThis },
                    words.loggedOut.takeIf { !device.isLoggedIn },
                )
                Entry(name, "", state.joinToString(" · "))
                if (device.isLoggedIn && !device.isThis) {
                    TextButton({ taps.logOutDevice(device.id) }) { Text(words.logOut) }
                    LetPayForm(device.id, words, taps)
                }
            }
            item { Text(words.pushes(reached)) }
            limit?.let { item { UnlockForm(it, words, taps) } }
            screen.profile?.let { profile ->
                item { ProfileForm(profile, words, taps) }
                item { EmailForm(awaited, words, taps) }
            }
            item { Member(words, taps) }
            item { PositionUses(uses, words, taps) }
        }
    }
}

/** Forms of somebody who is not logged in. */
@Composable
private fun Stranger(awaited: CodeFor?, words: FormWords, why: Words, taps: AccountTaps) =
    Column(Modifier.fillMaxWidth()) {
        var userId by rememberSaveable { mutableStateOf("") }
        LogIn(why) { id, password -> userId = id; taps.logIn(id, password) }
        when (awaited) {
            CodeFor.JOIN -> CodeForm(words, null) { code, _ -> taps.confirmJoin(code) }
            CodeFor.RESET -> CodeForm(words, words.newPassword) { code, new -> taps.resetPassword(code, new) }
            CodeFor.EMAIL, null -> {
                Field(userId, { userId = it }, why.userId, KeyboardOptions(autoCorrectEnabled = false))
                TextButton({ taps.forgotPassword(userId) }, enabled = userId.isNotBlank()) { Text(words.forgot) }
                JoinForm(words, why, taps)
            }
        }
    }

/** A code that was sent, and the new password where one is set anew. */
@Composable
fun CodeForm(words: FormWords, newLabel: String?, done: (code: String, new: String) -> Unit) = Column {
    var code by rememberSaveable { mutableStateOf("") }
    var new by remember { mutableStateOf("") }
    Text(words.codeSent)
    Field(code, { code = it }, words.code, KeyboardOptions(keyboardType = KeyboardType.Number))
    newLabel?.let { Secret(new, { value -> new = value }, it, KeyboardType.Password) }
    Button({ done(code, new) }, enabled = code.isNotBlank() && (newLabel == null || new.isNotEmpty())) {
        Text(words.confirm)
    }
}

@Composable
private fun JoinForm(words: FormWords, why: Words, taps: AccountTaps) = Column {
    var userId by rememberSaveable { mutableStateOf("") }
    var name by rememberSaveable { mutableStateOf("") }
    var address by rememberSaveable { mutableStateOf("") }
    var phone by rememberSaveable { mutableStateOf("") }
    var email by rememberSaveable { mutableStateOf("") }
    var password by remember { mutableStateOf("") }
    var code by remember { mutableStateOf("") }
    Text(words.join)
    Field(userId, { userId = it }, why.userId, KeyboardOptions(autoCorrectEnabled = false))
    Secret(password, { password = it }, words.newPassword, KeyboardType.Password)
    Secret(code, { code = it }, words.newSettlementCode, KeyboardType.NumberPassword)
    Field(name, { name = it }, words.name, KeyboardOptions.Default)
    Field(address, { address = it }, words.address, KeyboardOptions.Default)
    Field(phone, { phone = it }, words.phone, KeyboardOptions(keyboardType = KeyboardType.Phone))
    Field(email, { email = it }, words.email, KeyboardOptions(keyboardType = KeyboardType.Email))
    val filled = listOf(userId, name, address, phone, email, password, code).all(String::isNotBlank)
    Button({ taps.join(JoinAsk(userId, password, code, name, address, phone, email)) }, enabled = filled) {
        Text(words.sendCode)
    }
}

/** Forms of a member. */
@Composable
private fun Member(words: FormWords, taps: AccountTaps) = Column(Modifier.fillMaxWidth()) {
    SecretForm(words.presentPassword, words.newPassword, KeyboardType.Password, words.change) { present, new ->
        taps.changeSecret(SecretKind.PASSWORD, present, new)
    }
    val digits = KeyboardType.NumberPassword
    SecretForm(words.presentSettlementCode, words.newSettlementCode, digits, words.change) { present, new ->
        taps.changeSecret(SecretKind.SETTLEMENT_CODE, present, new)
    }
    TextButton(taps::logOut) { Text(words.logOut) }
    TextButton(taps::export) { Text(words.export) }
    var password by remember { mutableStateOf("") }
    Secret(password, { password = it }, words.presentPassword, KeyboardType.Password)
    TextButton({ taps.leave(password) }, enabled = password.isNotEmpty()) { Text(words.leave) }
}

@Composable
private fun SecretForm(
    presentLabel: String,
    newLabel: String,
    keyboard: KeyboardType,
    action: String,
    done: (present: String, new: String) -> Unit,
) = Column {
    var present by remember { mutableStateOf("") }
    var new by remember { mutableStateOf("") }
    Secret(present, { present = it }, presentLabel, keyboard)
    Secret(new, { new = it }, newLabel, keyboard)
    TextButton({ done(present, new) }, enabled = present.isNotEmpty() && new.isNotEmpty()) { Text(action) }
}
