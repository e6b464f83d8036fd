// The code of docs/swift.md that draws pages: every such block stands here, and here it compiles.
import SwiftUI
import Tillsight
import TillsightUI

let rootKey = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"

struct Shown: View {
    @State private var visit = Visit(
        serverUrl: "https://wallet.example", rootKey: rootKey, app: "Example")

    var body: some View { WalletPages(visit) }
}

struct ShownInPurple: View {
    let visit: Visit

    private var purple: Theme {
        var (day, night) = (Tokens.light, Tokens.dark)
        day.go = Color(red: 0.36, green: 0.16, blue: 0.53)
        (night.go, night.onGo) = (Color(red: 0.80, green: 0.66, blue: 0.94), .black)
        return Theme(light: day, dark: night)
    }

    var body: some View { WalletPages(visit).environment(\.theme, purple) }
}
