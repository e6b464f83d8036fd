#if !os(macOS)
import SwiftUI
import Tillsight
import TillsightWords

/// One row of the settlement screen. The first that works is the one to take and stands out; each row's mark
/// says by its shape how it stands.
struct LineView: View {
    let line: Line
    let isFirst: Bool
    @Environment(\.colours) private var colours
    @Environment(\.dynamicTypeSize) private var typeSize

    var body: some View {
        let ink = isFirst ? colours.onGo : colours.ink
        let font = isFirst ? Tokens.title : Tokens.body
        // Side by side, large letters would leave a name a few of them a line.
        let large = typeSize.isAccessibilitySize
        HStack(alignment: .center, spacing: Tokens.space3) {
            mark
            VStack(alignment: .leading) {
                Text(line.title).font(font).foregroundStyle(ink)
                if large, !line.amount.isEmpty { Text(line.amount).font(font).foregroundStyle(ink) }
                if !line.detail.isEmpty {
                    Text(line.detail).font(Tokens.support).foregroundStyle(isFirst ? ink : colours.ink2)
                }
            }
            Spacer()
            if !large { Text(line.amount).font(font).foregroundStyle(ink) }
        }
        .padding(Tokens.space3)
        .frame(minHeight: Tokens.target)
        .background(
            isFirst ? colours.go : colours.surface, in: RoundedRectangle(cornerRadius: Tokens.radiusM))
    }

    /// What stands before a row: a method's mark, or a sign.
    @ViewBuilder
    private var mark: some View {
        if let state = line.state {
            let (colour, ink) = drawn(state)
            Mark(state: state, colour: colour, ink: ink)
        } else if !line.mark.isEmpty {
            Text(line.mark).font(Tokens.label)
                .foregroundStyle(line.mark == "!" ? colours.danger : colours.ink)
                .frame(minWidth: Tokens.icon)
        }
    }

    private func drawn(_ state: MethodState) -> (Color, Color) {
        switch state {
        case .active: isFirst ? (colours.onGo, colours.go) : (colours.go, colours.onGo)
        case .likely: (colours.go, colours.onGo)
        case .unsure: (colours.unsure, colours.surface)
        case .likelyNot, .inactive: (colours.off, colours.onOff)
        }
    }
}
#endif
