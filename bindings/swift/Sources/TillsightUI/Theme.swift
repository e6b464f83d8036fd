#if !os(macOS)
import SwiftUI

/// The colours that the pages are drawn in, by day and by night. A company's own are copies of the design's
/// with other colours in them: `.environment(\.theme, Theme(light: own, dark: ownByNight))`.
public struct Theme: Sendable {
    public var light: Colours
    public var dark: Colours

    public init(light: Colours = Tokens.light, dark: Colours = Tokens.dark) {
        (self.light, self.dark) = (light, dark)
    }
}

private struct ThemeKey: EnvironmentKey {
    static let defaultValue = Theme()
}

extension EnvironmentValues {
    /// The colours that the pages are drawn in.
    public var theme: Theme {
        get { self[ThemeKey.self] }
        set { self[ThemeKey.self] = newValue }
    }

    /// Those of the moment, by day or by night.
    var colours: Colours { colorScheme == .dark ? theme.dark : theme.light }
}
#endif
