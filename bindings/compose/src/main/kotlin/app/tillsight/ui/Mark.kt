package app.tillsight.ui

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Fill
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.graphics.drawscope.rotate
import androidx.compose.ui.platform.testTag
import app.tillsight.MethodState

/**
 * How a method stands, told by shape and sign and never by colour alone: a circle works, a diamond may, a
 * square does not; solid is known, an outline is likely.
 *
 * @param ink of a solid shape's sign, and of an outline.
 */
@Composable
fun Mark(state: MethodState, colour: Color, ink: Color, modifier: Modifier = Modifier) {
    val solid = state == MethodState.ACTIVE || state == MethodState.INACTIVE
    Canvas(modifier.size(Tokens.mark).testTag("mark $state")) {
        shape(state, colour, solid)
        val sign = if (solid) ink else colour
        when (state) {
            MethodState.ACTIVE, MethodState.LIKELY -> line(sign, 0.30f to 0.52f, 0.44f to 0.66f, 0.71f to 0.36f)
            MethodState.UNSURE -> question(sign)
            MethodState.LIKELY_NOT, MethodState.INACTIVE -> {
                line(sign, 0.36f to 0.36f, 0.64f to 0.64f)
                line(sign, 0.64f to 0.36f, 0.36f to 0.64f)
            }
        }
    }
}

private fun DrawScope.shape(state: MethodState, colour: Color, solid: Boolean) {
    val wide = size.minDimension
    val style = if (solid) Fill else Stroke(wide * 0.08f)
    val corner = CornerRadius(wide * 0.2f)
    val inset = Offset(wide * 0.12f, wide * 0.12f)
    val square = androidx.compose.ui.geometry.Size(wide * 0.76f, wide * 0.76f)
    when (state) {
        MethodState.ACTIVE, MethodState.LIKELY -> drawCircle(colour, wide * 0.42f, style = style)
        MethodState.UNSURE -> rotate(45f) {
            val side = androidx.compose.ui.geometry.Size(wide * 0.64f, wide * 0.64f)
            drawRoundRect(colour, Offset(wide * 0.18f, wide * 0.18f), side, corner * 0.6f, style)
        }
        MethodState.LIKELY_NOT, MethodState.INACTIVE -> drawRoundRect(colour, inset, square, corner, style)
    }
}

private fun DrawScope.line(colour: Color, vararg points: Pair<Float, Float>) {
    val path = Path()
    points.forEachIndexed { nth, (x, y) ->
        if (nth == 0) path.moveTo(x * size.width, y * size.height) else path.lineTo(x * size.width, y * size.height)
    }
    drawPath(path, colour, style = pen())
}

private fun DrawScope.question(colour: Color) {
    val (wide, high) = size
    val path = Path()
    path.moveTo(wide * 0.40f, high * 0.42f)
    path.cubicTo(wide * 0.40f, high * 0.28f, wide * 0.60f, high * 0.28f, wide * 0.60f, high * 0.42f)
    path.cubicTo(wide * 0.60f, high * 0.50f, wide * 0.50f, high * 0.50f, wide * 0.50f, high * 0.58f)
    drawPath(path, colour, style = pen())
    drawCircle(colour, wide * 0.05f, Offset(wide * 0.5f, high * 0.70f))
}

private fun DrawScope.pen() = Stroke(size.minDimension * 0.09f, cap = StrokeCap.Round, join = StrokeJoin.Round)

private operator fun CornerRadius.times(by: Float) = CornerRadius(x * by, y * by)
