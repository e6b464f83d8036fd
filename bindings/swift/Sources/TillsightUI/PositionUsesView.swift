#if !os(macOS)
import SwiftUI
import Tillsight
import TillsightWords

/// What told somebody where this phone is, and a way to forget it.
struct PositionUsesView: View {
    let member: Membership
    let words: FormWords

    var body: some View {
        SwiftUI.Section(words.positionUses) {
            if member.positionUses.isEmpty { Text(words.noPositionUses) }
            // Who wants to see more of them wants them cleared.
            ForEach(Array(member.positionUses.prefix(20).enumerated()), id: \.offset) { _, use in
                let at = Date(timeIntervalSince1970: TimeInterval(use.atMs) / 1_000)
                Row(title: words.used(use), detail: at.formatted())
            }
            Button(words.clear) { Task { await member.clearPositionUses() } }
                .disabled(member.positionUses.isEmpty)
        }
    }
}
#endif
