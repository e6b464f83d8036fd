package app.tillsight.example

import android.Manifest.permission
import android.os.Build
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.result.contract.ActivityResultContracts.RequestMultiplePermissions
import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.lifecycleScope
import androidx.lifecycle.repeatOnLifecycle
import app.tillsight.example.ui.SettlementView
import app.tillsight.example.words.Lines
import app.tillsight.example.words.Words
import java.util.Locale
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch

class MainActivity : ComponentActivity() {
    /** Counts up when the person has answered, so that the senses start anew with what is allowed. */
    private val answered = MutableStateFlow(0)
    private val ask = registerForActivityResult(RequestMultiplePermissions()) { answered.value += 1 }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        val words = Words.of(Locale.getDefault().language)
        var visit by mutableStateOf<Visit?>(null)
        setContent {
            MaterialTheme(if (isSystemInDarkTheme()) darkColorScheme() else lightColorScheme()) {
                Surface {
                    visit?.let { SettlementView(it, words, Lines(words, Locale.getDefault()), lifecycleScope) }
                }
            }
        }
        lifecycleScope.launch {
            val opened = Visit.open(applicationContext)
            visit = opened
            // Only while the screen is visible: the app needs no background location.
            repeatOnLifecycle(Lifecycle.State.STARTED) { answered.collectLatest { opened.sense() } }
        }
        ask.launch(wanted())
    }

    private fun wanted(): Array<String> = buildList {
        add(permission.ACCESS_COARSE_LOCATION)
        add(permission.ACCESS_FINE_LOCATION)
        add(permission.CAMERA)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) add(permission.BLUETOOTH_SCAN)
    }.toTypedArray()
}
