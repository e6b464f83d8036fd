package app.tillsight.ui

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.unit.IntSize
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue

/** WCAG 2.2, 1.4.3, of text that is not large. */
private const val LEAST_CONTRAST = 4.5

/** No text is cut off, torn apart or over another, and each stands out from what is behind it, but on what is inactive. */
fun Phone.assertReadable() {
    assertWhole()
    val pixels = Pixels(picture())
    for (text in texts().filterNot(SemanticsNode::isInactive)) {
        val contrast = pixels.contrast(text.boundsInRoot)
        assertTrue(contrast >= LEAST_CONTRAST, "contrast of $contrast: ${text.words()}")
    }
}

/** No text is cut off, torn apart or over another. */
fun Phone.assertWhole() {
    val texts = texts()
    for (text in texts) {
        val seen = text.boundsInRoot.run { IntSize(width.toInt(), height.toInt()) }
        assertEquals(text.size, seen, "cut off: ${text.words()}")
        assertFalse(text.isTorn(), "a word is torn apart: ${text.words()}")
    }
    for ((at, one) in texts.withIndex()) {
        for (other in texts.drop(at + 1)) {
            assertFalse(one.boundsInRoot.overlaps(other.boundsInRoot), "${one.words()} over ${other.words()}")
        }
    }
}

/** Whether it is on a control that cannot be used now, of which WCAG asks no contrast. */
private fun SemanticsNode.isInactive(): Boolean =
    generateSequence(this) { it.parent }.any { SemanticsProperties.Disabled in it.config }

/** The words of a text. */
fun SemanticsNode.words(): String =
    config.getOrNull(SemanticsProperties.Text).orEmpty().joinToString { it.text }

/** Whether a line ends within a word of Latin letters or digits, or beyond its place. */
private fun SemanticsNode.isTorn(): Boolean {
    val layouts = mutableListOf<TextLayoutResult>()
    config[SemanticsActions.GetTextLayoutResult].action!!(layouts)
    val layout = layouts.single()
    fun latin(at: Int) = words().getOrNull(at)?.let { it.code < 0x250 && it.isLetterOrDigit() } == true
    return (0 until layout.lineCount).any { line ->
        val end = layout.getLineEnd(line)
        val wide = layout.getLineRight(line) - layout.getLineLeft(line)
        (latin(end - 1) && latin(end)) || wide > size.width + 1
    }
}
