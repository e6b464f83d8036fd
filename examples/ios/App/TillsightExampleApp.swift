import ExampleLines
import SwiftUI

@main
struct TillsightExampleApp: App {
    @State private var visit = Visit()
    @Environment(\.scenePhase) private var phase

    private var lines: Lines {
        let language = Locale.current.language.languageCode?.identifier ?? "en"
        return Lines(words: Words(language: language), locale: .current)
    }

    var body: some Scene {
        WindowGroup {
            SettlementView(visit: visit, lines: lines)
                // Only while the screen is visible: the app needs no background location.
                .task(id: phase) { if phase == .active { await visit.sense() } }
        }
    }
}
