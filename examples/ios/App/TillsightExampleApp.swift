import ExampleLines
import SwiftUI

@main
struct TillsightExampleApp: App {
    @State private var visit = Visit()
    @Environment(\.scenePhase) private var phase

    private var language: String { Locale.current.language.languageCode?.identifier ?? "en" }

    private var lines: Lines { Lines(words: Words(language: language), locale: .current) }

    var body: some Scene {
        WindowGroup {
            let (words, why) = (FormWords(language: language), lines.words)
            TabView {
                SettlementView(visit: visit, lines: lines)
                    .tabItem { Label(words.here, systemImage: "storefront") }
                if let member = visit.membership {
                    NavigationStack { DepositView(member: member, words: words, why: why) }
                        .tabItem { Label(words.deposit, systemImage: "plus.circle") }
                    NavigationStack { HistoryView(member: member, words: words, why: why) }
                        .tabItem { Label(words.history, systemImage: "clock") }
                    NavigationStack { MethodsView(member: member, words: words, why: why) }
                        .tabItem { Label(words.methods, systemImage: "creditcard") }
                    NavigationStack { AccountView(member: member, words: words, why: why) }
                        .tabItem { Label(words.account, systemImage: "person") }
                }
            }
            // Only while the screen is visible: the app needs no background location.
            .task(id: phase) { if phase == .active { await visit.sense() } }
        }
    }
}
