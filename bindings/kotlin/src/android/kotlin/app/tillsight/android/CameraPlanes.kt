package app.tillsight.android

import android.graphics.ImageFormat
import android.media.Image
import app.tillsight.PlaneShape
import app.tillsight.SettlementScreen
import app.tillsight.Wallet
import java.nio.ByteBuffer
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * Hands the camera's pictures to the wallet: the brightness plane where it lies, uncopied. Call it on
 * the camera's own thread, and close the picture when it returns.
 *
 * @param every pictures that come faster are let go unread: a person holds a code for longer.
 */
public class CameraPlanes(private val wallet: Wallet, every: Duration = 100.milliseconds) {
    private val everyNs = every.inWholeNanoseconds
    private var readAtNs = Long.MIN_VALUE

    /**
     * A picture of camera2 (`ImageReader`) in [ImageFormat.YUV_420_888]. Null while no code is in
     * view, or when the picture was let go.
     */
    public fun analyze(image: Image): SettlementScreen? {
        require(image.format == ImageFormat.YUV_420_888) { "the format must be YUV_420_888" }
        val luma = image.planes[0]
        return analyze(luma.buffer, image.width, image.height, luma.rowStride, image.timestamp)
    }

    /**
     * The brightness plane of a picture from anywhere, for instance CameraX: `planes[0]` of its
     * `ImageProxy`, with `imageInfo.timestamp`.
     */
    public fun analyze(
        luma: ByteBuffer,
        width: Int,
        height: Int,
        rowStride: Int,
        timestampNs: Long,
    ): SettlementScreen? {
        if (readAtNs != Long.MIN_VALUE && timestampNs - readAtNs in 0 until everyNs) return null
        readAtNs = timestampNs
        return wallet.sense(luma, PlaneShape(width.toUInt(), height.toUInt(), rowStride.toUInt()))
    }
}
