package app.tillsight.example

import android.Manifest.permission
import android.os.Build
import android.os.Bundle
import android.view.WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_FULL
import android.view.WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_NONE
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.result.contract.ActivityResultContracts.RequestMultiplePermissions
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.lifecycleScope
import androidx.lifecycle.repeatOnLifecycle
import app.tillsight.KindOfMethod
import app.tillsight.Remedy
import app.tillsight.WalletException
import app.tillsight.android.PermissionState
import app.tillsight.android.Permissions
import app.tillsight.example.camera.CameraView
import app.tillsight.example.member.Membership
import app.tillsight.example.ui.AccountView
import app.tillsight.example.ui.DepositView
import app.tillsight.example.ui.HistoryView
import app.tillsight.example.ui.MethodsView
import app.tillsight.example.ui.Page
import app.tillsight.example.ui.Pages
import app.tillsight.example.ui.PaymentView
import app.tillsight.example.ui.SettlementView
import app.tillsight.example.ui.Taps
import app.tillsight.example.ui.TillsightTheme
import app.tillsight.example.words.FormWords
import app.tillsight.example.words.Lines
import app.tillsight.example.words.PaymentWords
import app.tillsight.example.words.Words
import java.util.Locale
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.launch

class MainActivity : ComponentActivity() {
    /** Counts up when the person has answered, so that the senses start anew with what is allowed. */
    private val answered = MutableStateFlow(0)
    private val ask = registerForActivityResult(RequestMultiplePermissions()) { answered.value += 1 }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        var visit by mutableStateOf<Visit?>(null)
        var refused by mutableStateOf<Remedy?>(null)
        setContent {
            TillsightTheme {
                Surface(Modifier.fillMaxSize()) {
                    Box(Modifier.safeDrawingPadding()) {
                        visit?.let { Drawn(it) }
                        refused?.let { Text(Words.of(Locale.getDefault().language).remedy(it)) }
                    }
                }
            }
        }
        lifecycleScope.launch {
            val opened = try {
                (application as ExampleApp).visit()
            } catch (error: WalletException) {
                refused = error.remedy
                return@launch
            }
            visit = opened
            // Only while the screen is visible: the app needs no background location.
            repeatOnLifecycle(Lifecycle.State.STARTED) { answered.collectLatest { opened.sense() } }
        }
        if (savedInstanceState == null) ask.launch(wanted())
    }

    @Composable
    private fun Drawn(visit: Visit) {
        val locale = Locale.getDefault()
        val lines = Lines(Words.of(locale.language), locale)
        val words = FormWords.of(locale.language)
        var page by rememberSaveable { mutableStateOf(Page.HERE) }
        Column {
            Box(Modifier.weight(1f)) {
                when (page) {
                    Page.HERE -> Here(visit, lines) { page = Page.PAYMENT }
                    Page.PAYMENT -> Paid(visit, words, lines.words, locale)
                    else -> Form(page, visit.membership, words, lines.words, locale)
                }
            }
            Pages(page, words) { next ->
                page = next
                visit.membership.open(next)
            }
        }
    }

    @Composable
    private fun Here(visit: Visit, lines: Lines, showPayment: () -> Unit) {
        val screen by visit.screens.collectAsStateWithLifecycle()
        val remedy by visit.remedy.collectAsStateWithLifecycle()
        val taps = object : Taps by visit {
            override fun pay(method: String) {
                visit.pay(method)
                showPayment()
            }
        }
        SettlementView(screen, remedy, lines, taps) { done -> CameraView(visit, lines.words, done) }
    }

    @Composable
    private fun Paid(visit: Visit, words: FormWords, why: Words, locale: Locale) {
        val paying = visit.paying
        val here by visit.screens.collectAsStateWithLifecycle()
        val screen by paying.screens.collectAsStateWithLifecycle()
        val refused by paying.refused.collectAsStateWithLifecycle()
        val payment = PaymentWords.of(locale.language)
        val told = refused?.let {
            (it as? WalletException.PaymentRefused)?.problem?.let(payment::refused) ?: why.remedy(it.remedy)
        }
        LaunchedEffect(screen?.bright) {
            val full = if (screen?.bright == true) BRIGHTNESS_OVERRIDE_FULL else BRIGHTNESS_OVERRIDE_NONE
            window.attributes = window.attributes.apply { screenBrightness = full }
        }
        val money = (here.active + here.unsure).filter { it.kind == KindOfMethod.ELECTRONIC_MONEY }
        val shows = money.associate { it.id to it.name }
        val holds = if (Permissions(this).nfc() == PermissionState.READY) shows else emptyMap()
        DisposableEffect(paying) {
            paying.open(true)
            onDispose { paying.open(false) }
        }
        PaymentView(screen, shows, holds, told, words, payment, why, locale, paying)
    }

    @Composable
    private fun Form(page: Page, member: Membership, words: FormWords, why: Words, locale: Locale) {
        val refused by member.refused.collectAsStateWithLifecycle()
        val deposits by member.deposits.collectAsStateWithLifecycle()
        val history by member.history.collectAsStateWithLifecycle()
        val methods by member.methods.collectAsStateWithLifecycle()
        val account by member.account.collectAsStateWithLifecycle()
        val operators by member.operators.collectAsStateWithLifecycle()
        val awaited by member.awaited.collectAsStateWithLifecycle()
        val limit by member.limit.collectAsStateWithLifecycle()
        val uses by member.uses.collectAsStateWithLifecycle()
        val told = refused?.let { (it as? WalletException.RequestRefused)?.problem?.let(words::refused) ?: why.remedy(it.remedy) }
        when (page) {
            Page.HERE, Page.PAYMENT -> Unit
            Page.DEPOSIT -> DepositView(deposits, told, words, why, locale, member)
            Page.HISTORY -> HistoryView(history.rows, history.after != null, told, words, locale, member)
            Page.METHODS -> methods?.let { MethodsView(it, operators, told, words, why, locale, member) }
            Page.ACCOUNT -> account?.let { AccountView(it, awaited, limit, uses, told, words, why, member) }
        }
    }

    /** The camera is asked for when the person opens it. */
    private fun wanted(): Array<String> = buildList {
        add(permission.ACCESS_COARSE_LOCATION)
        add(permission.ACCESS_FINE_LOCATION)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) add(permission.BLUETOOTH_SCAN)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) add(permission.POST_NOTIFICATIONS)
    }.toTypedArray()
}
