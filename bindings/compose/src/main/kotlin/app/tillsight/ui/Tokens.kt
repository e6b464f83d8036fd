// Made from design/tokens.json by `TILLSIGHT_WRITE_TOKENS=1 cargo test -p design`.
package app.tillsight.ui

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp

/** The design's colours, by day or by night. */
data class Colours(
    val age: Color,
    val ageSoft: Color,
    val alarm: Color,
    val bezel: Color,
    val bg: Color,
    val control: Color,
    val danger: Color,
    val dangerSoft: Color,
    val go: Color,
    val goInk: Color,
    val goSoft: Color,
    val ink: Color,
    val ink2: Color,
    val ink3: Color,
    val line: Color,
    val off: Color,
    val onAlarm: Color,
    val onDanger: Color,
    val onGo: Color,
    val onOff: Color,
    val onWhere: Color,
    val raised: Color,
    val scrim: Color,
    val surface: Color,
    val unsure: Color,
    val unsureSoft: Color,
    val where: Color,
    val whereInk: Color,
    val whereSoft: Color,
)

/** The design's colours, lengths and letters. */
object Tokens {
    val light = Colours(
        age = Color(0xFF7F4B00),
        ageSoft = Color(0xFFFAEDD4),
        alarm = Color(0xFFB02D16),
        bezel = Color(0xFF101614),
        bg = Color(0xFFF3F2EC),
        control = Color(0xFF7C857F),
        danger = Color(0xFFB02D16),
        dangerSoft = Color(0xFFFBE5DF),
        go = Color(0xFF006962),
        goInk = Color(0xFF004F49),
        goSoft = Color(0xFFD9F0EC),
        ink = Color(0xFF15201C),
        ink2 = Color(0xFF47524D),
        ink3 = Color(0xFF5F6A64),
        line = Color(0xFFDCD9CE),
        off = Color(0xFF76675A),
        onAlarm = Color(0xFFFFFFFF),
        onDanger = Color(0xFFFFFFFF),
        onGo = Color(0xFFFFFFFF),
        onOff = Color(0xFFFFFFFF),
        onWhere = Color(0xFFFFFFFF),
        raised = Color(0xFFF8F7F3),
        scrim = Color(0x990A120F),
        surface = Color(0xFFFFFFFF),
        unsure = Color(0xFF5A5F7D),
        unsureSoft = Color(0xFFECECF3),
        where = Color(0xFF1D5BB8),
        whereInk = Color(0xFF15478F),
        whereSoft = Color(0xFFE4EDFA),
    )
    val dark = Colours(
        age = Color(0xFFF2BF6B),
        ageSoft = Color(0xFF3A2B0F),
        alarm = Color(0xFFC2381E),
        bezel = Color(0xFF000000),
        bg = Color(0xFF0D1311),
        control = Color(0xFF7F8C86),
        danger = Color(0xFFFF9079),
        dangerSoft = Color(0xFF431A11),
        go = Color(0xFF4FD3C0),
        goInk = Color(0xFF86E8DA),
        goSoft = Color(0xFF0E3733),
        ink = Color(0xFFEDF3F0),
        ink2 = Color(0xFFB7C3BD),
        ink3 = Color(0xFF98A59F),
        line = Color(0xFF2F3A36),
        off = Color(0xFFA89A8C),
        onAlarm = Color(0xFFFFFFFF),
        onDanger = Color(0xFF3A0B02),
        onGo = Color(0xFF032622),
        onOff = Color(0xFF17120D),
        onWhere = Color(0xFF071F44),
        raised = Color(0xFF1E2724),
        scrim = Color(0xA6000000),
        surface = Color(0xFF161E1B),
        unsure = Color(0xFFB3B8D9),
        unsureSoft = Color(0xFF262A3E),
        where = Color(0xFF8EB8FF),
        whereInk = Color(0xFFB4D0FF),
        whereSoft = Color(0xFF16294A),
    )
    val space1 = 4.dp
    val space2 = 8.dp
    val space3 = 12.dp
    val space4 = 16.dp
    val space5 = 24.dp
    val space6 = 32.dp
    val space7 = 48.dp
    val focusRing = 3.dp
    val icon = 24.dp
    val mark = 28.dp
    val row = 72.dp
    val target = 48.dp
    val targetDense = 32.dp
    val radiusL = 22.dp
    val radiusM = 14.dp
    val radiusPill = 999.dp
    val radiusS = 8.dp
    val amount = Letters(34.sp, 40.sp, 600)
    val body = Letters(16.sp, 24.sp, 400)
    val caption = Letters(12.sp, 16.sp, 500)
    val label = Letters(16.sp, 24.sp, 600)
    val store = Letters(28.sp, 34.sp, 700)
    val support = Letters(14.sp, 20.sp, 400)
    val till = Letters(56.sp, 64.sp, 600)
    val title = Letters(20.sp, 26.sp, 600)
}

/** Letters of one kind: how large, on which line, how heavy. */
class Letters(val size: androidx.compose.ui.unit.TextUnit, val line: androidx.compose.ui.unit.TextUnit, val weight: Int)
