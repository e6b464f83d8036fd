package app.tillsight.ui

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import app.tillsight.KindOfMethod
import app.tillsight.WalletException
import app.tillsight.ui.member.Visit
import app.tillsight.ui.words.FormWords
import app.tillsight.ui.words.Lines
import app.tillsight.ui.words.PaymentWords
import app.tillsight.ui.words.Words
import java.util.Locale

/**
 * Every page of a wallet: the settlement screen, payment, deposit, history, methods and account, with the
 * buttons that lead to them.
 *
 * @param brighten lights the phone's screen while a code is shown to a till.
 * @param camera draws the camera's picture, and calls what it is given when a code was read; without one no
 *   code is scanned.
 */
@Composable
fun WalletPages(
    visit: Visit,
    locale: Locale = Locale.getDefault(),
    brighten: (Boolean) -> Unit = {},
    camera: (@Composable (done: () -> Unit) -> Unit)? = null,
) {
    val lines = Lines(Words.of(locale.language), locale)
    val words = FormWords.of(locale.language)
    var page by rememberSaveable { mutableStateOf(Page.HERE) }
    Column {
        Box(Modifier.weight(1f)) {
            when (page) {
                Page.HERE -> Here(visit, lines, camera) { page = Page.PAYMENT }
                Page.PAYMENT -> Paid(visit, words, lines.words, locale, brighten)
                else -> Form(page, visit, words, lines.words, locale)
            }
        }
        Pages(page, words) { next ->
            page = next
            visit.membership.open(next)
        }
    }
}

@Composable
private fun Here(
    visit: Visit,
    lines: Lines,
    camera: (@Composable (done: () -> Unit) -> Unit)?,
    showPayment: () -> Unit,
) {
    val screen by visit.screens.collectAsState()
    val remedy by visit.remedy.collectAsState()
    val taps = object : Taps by visit {
        override fun pay(method: String) {
            visit.pay(method)
            showPayment()
        }
    }
    SettlementView(screen, remedy, lines, taps, camera)
}

@Composable
private fun Paid(visit: Visit, words: FormWords, why: Words, locale: Locale, brighten: (Boolean) -> Unit) {
    val paying = visit.paying
    val here by visit.screens.collectAsState()
    val screen by paying.screens.collectAsState()
    val refused by paying.refused.collectAsState()
    val payment = PaymentWords.of(locale.language)
    val told = refused?.let {
        (it as? WalletException.PaymentRefused)?.problem?.let(payment::refused) ?: why.remedy(it.remedy)
    }
    LaunchedEffect(screen?.bright) { brighten(screen?.bright == true) }
    val money = (here.active + here.unsure).filter { it.kind == KindOfMethod.ELECTRONIC_MONEY }
    val shows = money.associate { it.id to it.name }
    val holds = if (visit.hasReader()) shows else emptyMap()
    DisposableEffect(paying) {
        paying.open(true)
        onDispose { paying.open(false) }
    }
    PaymentView(screen, shows, holds, told, words, payment, why, locale, paying)
}

@Composable
private fun Form(page: Page, visit: Visit, words: FormWords, why: Words, locale: Locale) {
    val member = visit.membership
    val refused by member.refused.collectAsState()
    val deposits by member.deposits.collectAsState()
    val history by member.history.collectAsState()
    val methods by member.methods.collectAsState()
    val account by member.account.collectAsState()
    val operators by member.operators.collectAsState()
    val awaited by member.awaited.collectAsState()
    val limit by member.limit.collectAsState()
    val uses by member.uses.collectAsState()
    val reached by visit.pushes.reaches.collectAsState()
    val told = refused?.let { (it as? WalletException.RequestRefused)?.problem?.let(words::refused) ?: why.remedy(it.remedy) }
    when (page) {
        Page.HERE, Page.PAYMENT -> Unit
        Page.DEPOSIT -> DepositView(deposits, told, words, why, locale, member)
        Page.HISTORY -> HistoryView(history.rows, history.after != null, told, words, locale, member)
        Page.METHODS -> methods?.let { MethodsView(it, operators, told, words, why, locale, member) }
        Page.ACCOUNT -> account?.let { AccountView(it, awaited, limit, reached, uses, told, words, why, member) }
    }
}
