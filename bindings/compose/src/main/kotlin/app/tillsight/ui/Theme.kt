package app.tillsight.ui

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.ColorScheme
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Shapes
import androidx.compose.material3.Typography
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight

/** The design's own colours, where Material has no name for what they mean. */
val LocalColours = staticCompositionLocalOf { Tokens.light }

/**
 * Draws `content` in the design's colours, letters and corners, or in an app's own: copies of [Tokens.light] and
 * [Tokens.dark] with other colours in them.
 */
@Composable
fun TillsightTheme(
    dark: Boolean = isSystemInDarkTheme(),
    light: Colours = Tokens.light,
    night: Colours = Tokens.dark,
    content: @Composable () -> Unit,
) {
    val colours = if (dark) night else light
    CompositionLocalProvider(LocalColours provides colours) {
        MaterialTheme(scheme(colours, dark), shapes, typography, content)
    }
}

private fun scheme(colours: Colours, dark: Boolean): ColorScheme =
    (if (dark) darkColorScheme() else lightColorScheme()).copy(
        primary = colours.go,
        onPrimary = colours.onGo,
        primaryContainer = colours.goSoft,
        onPrimaryContainer = colours.goInk,
        secondary = colours.where,
        onSecondary = colours.onWhere,
        secondaryContainer = colours.whereSoft,
        onSecondaryContainer = colours.whereInk,
        background = colours.bg,
        onBackground = colours.ink,
        surface = colours.bg,
        onSurface = colours.ink,
        surfaceVariant = colours.raised,
        onSurfaceVariant = colours.ink2,
        surfaceContainer = colours.surface,
        outline = colours.control,
        outlineVariant = colours.line,
        error = colours.danger,
        onError = colours.onDanger,
        errorContainer = colours.dangerSoft,
        onErrorContainer = colours.danger,
    )

private val shapes = Shapes(
    small = RoundedCornerShape(Tokens.radiusS),
    medium = RoundedCornerShape(Tokens.radiusM),
    large = RoundedCornerShape(Tokens.radiusL),
)

private val typography = Typography(
    headlineMedium = Tokens.store.style(),
    titleLarge = Tokens.title.style(),
    titleMedium = Tokens.label.style(),
    bodyLarge = Tokens.body.style(),
    bodyMedium = Tokens.support.style(),
    labelLarge = Tokens.label.style(),
    labelSmall = Tokens.caption.style(),
)

private fun Letters.style() = TextStyle(fontSize = size, lineHeight = line, fontWeight = FontWeight(weight))
