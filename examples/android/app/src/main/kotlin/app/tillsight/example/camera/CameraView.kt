package app.tillsight.example.camera

import android.Manifest
import android.util.Size
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.camera.core.CameraSelector
import androidx.camera.core.ImageAnalysis
import androidx.camera.core.ImageProxy
import androidx.camera.core.Preview
import androidx.camera.core.resolutionselector.ResolutionSelector
import androidx.camera.core.resolutionselector.ResolutionStrategy
import androidx.camera.lifecycle.ProcessCameraProvider
import androidx.camera.lifecycle.awaitInstance
import androidx.camera.view.PreviewView
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import androidx.compose.ui.viewinterop.AndroidView
import androidx.core.content.ContextCompat
import androidx.lifecycle.compose.LocalLifecycleOwner
import app.tillsight.CameraHint
import app.tillsight.PlaneReading
import app.tillsight.WalletException
import app.tillsight.android.CameraPlanes
import app.tillsight.android.PermissionState
import app.tillsight.android.Permissions
import app.tillsight.ui.member.Visit
import app.tillsight.ui.words.Words
import java.util.concurrent.Executors
import kotlinx.coroutines.awaitCancellation

/** The camera's picture, once the person allows it; [done] is called when a store code was read. */
@Composable
fun CameraView(visit: Visit, words: Words, done: () -> Unit) {
    val context = LocalContext.current
    val permissions = remember { Permissions(context) }
    var state by remember { mutableStateOf(permissions.camera()) }
    var refused by remember { mutableStateOf(false) }
    val ask = rememberLauncherForActivityResult(RequestPermission()) { allowed ->
        state = permissions.camera()
        refused = !allowed
    }
    if (state == PermissionState.READY) {
        Pictures(visit, words, done)
    } else {
        if (refused || state == PermissionState.ABSENT) Text(words.noCamera, Modifier.padding(16.dp))
        LaunchedEffect(Unit) { if (state == PermissionState.NOT_GRANTED) ask.launch(Manifest.permission.CAMERA) }
    }
}

@Composable
private fun Pictures(visit: Visit, words: Words, done: () -> Unit) {
    val context = LocalContext.current
    val owner = LocalLifecycleOwner.current
    val view = remember { PreviewView(context) }
    val planes = remember { CameraPlanes(visit.wallet) }
    var hint by remember { mutableStateOf<CameraHint?>(null) }
    AndroidView({ view }, Modifier.fillMaxWidth().height(240.dp))
    // Keeps its height, so that the screen does not jump while someone aims.
    Text(
        hint?.let(words::hint).orEmpty(),
        minLines = 1,
        modifier = Modifier.padding(16.dp).semantics { liveRegion = LiveRegionMode.Polite },
    )
    LaunchedEffect(owner) {
        val provider = ProcessCameraProvider.awaitInstance(context)
        // A phone with a front camera only.
        if (!provider.hasCamera(CameraSelector.DEFAULT_BACK_CAMERA)) return@LaunchedEffect done()
        val main = ContextCompat.getMainExecutor(context)
        val reading = Executors.newSingleThreadExecutor()
        val analysis = analysis()
        analysis.setAnalyzer(reading) { picture ->
            val seen = picture.use { read(visit, planes, it) } ?: return@setAnalyzer
            main.execute {
                hint = seen.hint
                if (seen.screen != null) done()
            }
        }
        val preview = Preview.Builder().build().apply { surfaceProvider = view.surfaceProvider }
        try {
            provider.bindToLifecycle(owner, CameraSelector.DEFAULT_BACK_CAMERA, preview, analysis)
            awaitCancellation()
        } finally {
            // No picture comes after this, so that none finds its thread gone.
            provider.unbind(preview, analysis)
            analysis.clearAnalyzer()
            reading.shutdown()
        }
    }
}

/** The newest picture only, in the size the core reads; a code across the counter is small in 640 x 480. */
private fun analysis(): ImageAnalysis {
    val size = ResolutionStrategy(Size(1280, 720), ResolutionStrategy.FALLBACK_RULE_CLOSEST_HIGHER_THEN_LOWER)
    return ImageAnalysis.Builder()
        .setBackpressureStrategy(ImageAnalysis.STRATEGY_KEEP_ONLY_LATEST)
        .setResolutionSelector(ResolutionSelector.Builder().setResolutionStrategy(size).build())
        .build()
}

/** What a picture led to; null when it was let go, or its code refused. */
private fun read(visit: Visit, planes: CameraPlanes, picture: ImageProxy): PlaneReading? {
    val luma = picture.planes[0]
    return try {
        planes.analyze(
            luma.buffer, picture.width, picture.height, luma.rowStride,
            picture.imageInfo.rotationDegrees, picture.imageInfo.timestamp,
        )?.also { if (it.screen != null) visit.seen(null) }
    } catch (refused: WalletException) {
        visit.seen(refused)
        null
    }
}
