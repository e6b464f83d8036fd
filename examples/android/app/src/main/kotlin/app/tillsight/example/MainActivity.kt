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
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.mutableStateOf
import androidx.compose.ui.Modifier
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.lifecycleScope
import androidx.lifecycle.repeatOnLifecycle
import app.tillsight.Remedy
import app.tillsight.WalletException
import app.tillsight.example.camera.CameraView
import app.tillsight.ui.TillsightTheme
import app.tillsight.ui.WalletPages
import app.tillsight.ui.member.Visit
import app.tillsight.ui.words.Words
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
    private fun Drawn(visit: Visit) = WalletPages(visit, brighten = ::brighten) { done ->
        CameraView(visit, Words.of(Locale.getDefault().language), done)
    }

    private fun brighten(full: Boolean) {
        val brightness = if (full) BRIGHTNESS_OVERRIDE_FULL else BRIGHTNESS_OVERRIDE_NONE
        window.attributes = window.attributes.apply { screenBrightness = brightness }
    }

    /** The camera is asked for when the person opens it. */
    private fun wanted(): Array<String> = buildList {
        add(permission.ACCESS_COARSE_LOCATION)
        add(permission.ACCESS_FINE_LOCATION)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) add(permission.BLUETOOTH_SCAN)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) add(permission.POST_NOTIFICATIONS)
    }.toTypedArray()
}
