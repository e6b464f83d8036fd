// Made from design/tokens.json by `TILLSIGHT_WRITE_TOKENS=1 cargo test -p design`.
#if !os(macOS)
import SwiftUI

/// The design's colours, by day or by night.
public struct Colours: Sendable {
    public var `age`: Color
    public var `ageSoft`: Color
    public var `alarm`: Color
    public var `bezel`: Color
    public var `bg`: Color
    public var `control`: Color
    public var `danger`: Color
    public var `dangerSoft`: Color
    public var `go`: Color
    public var `goInk`: Color
    public var `goSoft`: Color
    public var `ink`: Color
    public var `ink2`: Color
    public var `ink3`: Color
    public var `line`: Color
    public var `off`: Color
    public var `onAlarm`: Color
    public var `onDanger`: Color
    public var `onGo`: Color
    public var `onOff`: Color
    public var `onWhere`: Color
    public var `raised`: Color
    public var `scrim`: Color
    public var `surface`: Color
    public var `unsure`: Color
    public var `unsureSoft`: Color
    public var `where`: Color
    public var `whereInk`: Color
    public var `whereSoft`: Color
}

/// The design's colours, lengths and letters.
public enum Tokens {
    public static let light = Colours(
        age: Color(0xFF7F4B00),
        ageSoft: Color(0xFFFAEDD4),
        alarm: Color(0xFFB02D16),
        bezel: Color(0xFF101614),
        bg: Color(0xFFF3F2EC),
        control: Color(0xFF7C857F),
        danger: Color(0xFFB02D16),
        dangerSoft: Color(0xFFFBE5DF),
        go: Color(0xFF006962),
        goInk: Color(0xFF004F49),
        goSoft: Color(0xFFD9F0EC),
        ink: Color(0xFF15201C),
        ink2: Color(0xFF47524D),
        ink3: Color(0xFF5F6A64),
        line: Color(0xFFDCD9CE),
        off: Color(0xFF76675A),
        onAlarm: Color(0xFFFFFFFF),
        onDanger: Color(0xFFFFFFFF),
        onGo: Color(0xFFFFFFFF),
        onOff: Color(0xFFFFFFFF),
        onWhere: Color(0xFFFFFFFF),
        raised: Color(0xFFF8F7F3),
        scrim: Color(0x990A120F),
        surface: Color(0xFFFFFFFF),
        unsure: Color(0xFF5A5F7D),
        unsureSoft: Color(0xFFECECF3),
        where: Color(0xFF1D5BB8),
        whereInk: Color(0xFF15478F),
        whereSoft: Color(0xFFE4EDFA))
    public static let dark = Colours(
        age: Color(0xFFF2BF6B),
        ageSoft: Color(0xFF3A2B0F),
        alarm: Color(0xFFC2381E),
        bezel: Color(0xFF000000),
        bg: Color(0xFF0D1311),
        control: Color(0xFF7F8C86),
        danger: Color(0xFFFF9079),
        dangerSoft: Color(0xFF431A11),
        go: Color(0xFF4FD3C0),
        goInk: Color(0xFF86E8DA),
        goSoft: Color(0xFF0E3733),
        ink: Color(0xFFEDF3F0),
        ink2: Color(0xFFB7C3BD),
        ink3: Color(0xFF98A59F),
        line: Color(0xFF2F3A36),
        off: Color(0xFFA89A8C),
        onAlarm: Color(0xFFFFFFFF),
        onDanger: Color(0xFF3A0B02),
        onGo: Color(0xFF032622),
        onOff: Color(0xFF17120D),
        onWhere: Color(0xFF071F44),
        raised: Color(0xFF1E2724),
        scrim: Color(0xA6000000),
        surface: Color(0xFF161E1B),
        unsure: Color(0xFFB3B8D9),
        unsureSoft: Color(0xFF262A3E),
        where: Color(0xFF8EB8FF),
        whereInk: Color(0xFFB4D0FF),
        whereSoft: Color(0xFF16294A))
    public static let space1: CGFloat = 4
    public static let space2: CGFloat = 8
    public static let space3: CGFloat = 12
    public static let space4: CGFloat = 16
    public static let space5: CGFloat = 24
    public static let space6: CGFloat = 32
    public static let space7: CGFloat = 48
    public static let focusRing: CGFloat = 3
    public static let icon: CGFloat = 24
    public static let mark: CGFloat = 28
    public static let row: CGFloat = 72
    public static let target: CGFloat = 48
    public static let targetDense: CGFloat = 32
    public static let radiusL: CGFloat = 22
    public static let radiusM: CGFloat = 14
    public static let radiusPill: CGFloat = 999
    public static let radiusS: CGFloat = 8
    public static let amount = Font.system(.largeTitle).weight(.semibold)
    public static let body = Font.system(.callout).weight(.regular)
    public static let caption = Font.system(.caption).weight(.medium)
    public static let label = Font.system(.callout).weight(.semibold)
    public static let store = Font.system(.title).weight(.bold)
    public static let support = Font.system(.footnote).weight(.regular)
    public static let till = Font.system(.largeTitle).weight(.semibold)
    public static let title = Font.system(.title3).weight(.semibold)
}

extension Color {
    fileprivate init(_ argb: UInt32) {
        let part = { (shift: UInt32) in Double(argb >> shift & 0xFF) / 255 }
        self.init(.sRGB, red: part(16), green: part(8), blue: part(0), opacity: part(24))
    }
}
#endif
