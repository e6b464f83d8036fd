package app.tillsight.example.ui

import androidx.camera.core.CameraSelector
import androidx.camera.core.ImageAnalysis
import androidx.camera.core.Preview
import androidx.camera.lifecycle.ProcessCameraProvider
import androidx.camera.view.PreviewView
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.viewinterop.AndroidView
import androidx.core.content.ContextCompat
import androidx.lifecycle.compose.LocalLifecycleOwner
import app.tillsight.CameraHint
import app.tillsight.WalletException
import app.tillsight.example.Visit
import app.tillsight.example.words.Words
import java.util.concurrent.Executors

/** The camera's picture; [done] is called when a store code was read. */
@Composable
fun CameraView(visit: Visit, words: Words, done: () -> Unit) {
    val context = LocalContext.current
    val owner = LocalLifecycleOwner.current
    val view = remember { PreviewView(context) }
    var hint by remember { mutableStateOf<CameraHint?>(null) }
    AndroidView({ view }, Modifier.fillMaxWidth().aspectRatio(1f))
    // Keeps its height, so that the screen does not jump while someone aims.
    Text(
        hint?.let(words::hint).orEmpty(), minLines = 1,
        modifier = Modifier.semantics { liveRegion = LiveRegionMode.Polite },
    )
    DisposableEffect(Unit) {
        val main = ContextCompat.getMainExecutor(context)
        val reading = Executors.newSingleThreadExecutor()
        val provider = ProcessCameraProvider.getInstance(context)
        val analysis = ImageAnalysis.Builder()
            .setBackpressureStrategy(ImageAnalysis.STRATEGY_KEEP_ONLY_LATEST)
            .build()
        analysis.setAnalyzer(reading) { image ->
            image.use {
                val luma = it.planes[0]
                try {
                    val seen = visit.planes.analyze(
                        luma.buffer, it.width, it.height, luma.rowStride,
                        it.imageInfo.rotationDegrees, it.imageInfo.timestamp,
                    )
                    if (seen?.screen != null) main.execute { visit.seen(null); done() }
                    if (seen != null) hint = seen.hint
                } catch (refused: WalletException) {
                    visit.seen(refused)
                }
            }
        }
        provider.addListener({
            val preview = Preview.Builder().build().apply { surfaceProvider = view.surfaceProvider }
            provider.get().bindToLifecycle(owner, CameraSelector.DEFAULT_BACK_CAMERA, preview, analysis)
        }, main)
        onDispose {
            provider.addListener({ provider.get().unbindAll() }, main)
            reading.shutdown()
        }
    }
}
