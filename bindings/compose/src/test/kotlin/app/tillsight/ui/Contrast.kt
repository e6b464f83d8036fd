package app.tillsight.ui

import androidx.compose.ui.geometry.Rect
import kotlin.math.pow
import org.jetbrains.skia.Bitmap
import org.jetbrains.skia.Image
import org.jetbrains.skia.ImageInfo

/** The pixels of a picture. */
class Pixels(picture: Image) {
    private val bitmap = Bitmap.makeFromImage(picture)
    private val bytes = bitmap.readPixels(ImageInfo.makeN32Premul(bitmap.width, bitmap.height))!!

    /**
     * The contrast in a part, as WCAG 2.2 defines it: 1 for nothing to see, 21 for black on white.
     * What most of the part is counts as behind; what differs most from it as the letters.
     */
    fun contrast(part: Rect): Double {
        val columns = part.left.toInt().coerceAtLeast(0) until part.right.toInt().coerceAtMost(bitmap.width)
        val rows = part.top.toInt().coerceAtLeast(0) until part.bottom.toInt().coerceAtMost(bitmap.height)
        val colors = rows.flatMap { y -> columns.map { x -> color(x, y) } }.groupingBy { it }.eachCount()
        val behind = luminance(colors.maxBy { it.value }.key)
        return colors.keys.maxOf { ratio(luminance(it), behind) }
    }

    /** Blue is the lowest byte in memory. */
    private fun color(x: Int, y: Int): Int {
        val at = 4 * (y * bitmap.width + x)
        return (0..2).sumOf { (bytes[at + it].toInt() and 0xFF) shl (8 * it) }
    }
}

private fun ratio(one: Double, other: Double): Double = (maxOf(one, other) + 0.05) / (minOf(one, other) + 0.05)

private fun luminance(color: Int): Double {
    fun part(shift: Int): Double {
        val value = (color shr shift and 0xFF) / 255.0
        return if (value <= 0.04045) value / 12.92 else ((value + 0.055) / 1.055).pow(2.4)
    }
    return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}
