package app.tillsight.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
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
import androidx.compose.ui.unit.dp
import app.tillsight.Amount
import app.tillsight.UnlockLimit
import app.tillsight.ui.words.FormWords
import app.tillsight.ui.words.Lines
import java.math.BigDecimal
import java.util.Currency

/** How much is paid by a store's own code, which names no amount. */
@Composable
fun AmountForm(most: Amount, lines: Lines, done: (Long) -> Unit) = Column(Modifier.fillMaxWidth()) {
    var amount by rememberSaveable(most.currency) { mutableStateOf("") }
    // The field's label stands out above it, the farther the larger letters are.
    Text(lines.typeAmount(most), Modifier.padding(bottom = 16.dp))
    val label = "${lines.words.amount} (${most.currency})"
    Field(amount, { amount = it }, label, KeyboardOptions(keyboardType = KeyboardType.Decimal))
    val minor = minorUnits(amount, most.decimals.toInt())?.takeIf { it in 1..most.minor }
    Button({ minor?.let(done) }, enabled = minor != null) { Text(lines.words.takeAmount) }
}

/** Up to how much an unlocked phone pays without asking, and how often a day. */
@Composable
fun UnlockForm(limit: UnlockLimit, words: FormWords, taps: AccountTaps) = Column(Modifier.fillMaxWidth()) {
    val decimals = Currency.getInstance(limit.currency).defaultFractionDigits.coerceAtLeast(0)
    val set = BigDecimal.valueOf(limit.amountMinor, decimals).toPlainString()
    var amount by rememberSaveable(set) { mutableStateOf(set) }
    var count by rememberSaveable(limit.countADay) { mutableStateOf(limit.countADay.toString()) }
    var code by remember { mutableStateOf("") }
    // The field's label stands out above it, the farther the larger letters are.
    Text(words.unlockLimit, Modifier.padding(bottom = 16.dp))
    Field(amount, { amount = it }, "${words.upTo} (${limit.currency})", KeyboardOptions(keyboardType = KeyboardType.Decimal))
    Field(count, { count = it }, words.timesADay, KeyboardOptions(keyboardType = KeyboardType.Number))
    Secret(code, { code = it }, words.presentSettlementCode, KeyboardType.NumberPassword)
    val minor = minorUnits(amount, decimals)
    val times = count.trim().toUIntOrNull()
    TextButton(
        { if (minor != null && times != null) taps.setUnlockLimit(UnlockLimit(minor, limit.currency, times), code) },
        enabled = minor != null && times != null && code.isNotEmpty(),
    ) { Text(words.set) }
}

/** Lets another device pay before its day of waiting is over. */
@Composable
fun LetPayForm(device: String, words: FormWords, taps: AccountTaps) = Column(Modifier.fillMaxWidth()) {
    var code by remember(device) { mutableStateOf("") }
    Secret(code, { code = it }, words.presentSettlementCode, KeyboardType.NumberPassword)
    TextButton({ taps.agreeToDevice(device, code) }, enabled = code.isNotEmpty()) { Text(words.letPay) }
}

/** What was typed, in the smallest unit; null for what is no amount with so many decimals. */
internal fun minorUnits(typed: String, decimals: Int): Long? = try {
    BigDecimal(typed.trim().replace(',', '.')).movePointRight(decimals).longValueExact().takeIf { it >= 0 }
} catch (_: ArithmeticException) {
    null
} catch (_: NumberFormatException) {
    null
}
