package app.tillsight.android

import android.graphics.ImageFormat
import android.media.Image
import app.tillsight.PlaneReading
import app.tillsight.PlaneShape
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
     * A picture of camera2 (`ImageReader`) in [ImageFormat.YUV_420_888]. Null when the picture was let
     * go.
     *
     * @param rotationDegrees what turns the picture upright, clockwise: 0, 90, 180 or 270.
     */
    public fun analyze(image: Image, rotationDegrees: Int): PlaneReading? {
        require(image.format == ImageFormat.YUV_420_888) { "the format must be YUV_420_888" }
        val luma = image.planes[0]
        return analyze(
            luma.buffer, image.width, image.height, luma.rowStride, rotationDegrees, image.timestamp,
        )
    }

    /**
     * The brightness plane of a picture from anywhere, for instance CameraX: `planes[0]` of its
     * `ImageProxy`, with `rotationDegrees` and `timestamp` of its `imageInfo`.
     */
    public fun analyze(
        luma: ByteBuffer,
        width: Int,
        height: Int,
        rowStride: Int,
        rotationDegrees: Int,
        timestampNs: Long,
    ): PlaneReading? {
        if (readAtNs != Long.MIN_VALUE && timestampNs - readAtNs in 0 until everyNs) return null
        readAtNs = timestampNs
        val shape = PlaneShape(
            width.toUInt(), height.toUInt(), rowStride.toUInt(), rotationDegrees.toUInt(),
        )
        return wallet.sense(luma, shape)
    }
}
