import ExampleLines
import SwiftUI

@main
struct TillsightExampleApp: App {
    @State private var visit = Visit()
    /// The page that is open.
    @State private var page = 0
    @Environment(\.scenePhase) private var phase

    private var language: String { Locale.current.language.languageCode?.identifier ?? "en" }

    private var lines: Lines { Lines(words: Words(language: language), locale: .current) }

    var body: some Scene {
        WindowGroup {
            let (words, why) = (FormWords(language: language), lines.words)
            TabView(selection: $page) {
                SettlementView(visit: visit, lines: lines) { page = 1 }
                    .tabItem { Label(words.here, systemImage: "storefront") }.tag(0)
                if let paying = visit.paying {
                    let payment = PaymentWords(language: language)
                    let rows = (visit.screen?.active ?? []) + (visit.screen?.unsure ?? [])
                    let shows = rows.filter { $0.kind == .electronicMoney }
                    NavigationStack {
                        PaymentView(
                            paying: paying, shows: shows, title: words.payment, words: payment,
                            why: why)
                    }
                    .tabItem { Label(words.payment, systemImage: "qrcode") }.tag(1)
                }
                if let member = visit.membership {
                    NavigationStack { DepositView(member: member, words: words, why: why) }
                        .tabItem { Label(words.deposit, systemImage: "plus.circle") }.tag(2)
                    NavigationStack { HistoryView(member: member, words: words, why: why) }
                        .tabItem { Label(words.history, systemImage: "clock") }.tag(3)
                    NavigationStack { MethodsView(member: member, words: words, why: why) }
                        .tabItem { Label(words.methods, systemImage: "creditcard") }.tag(4)
                    NavigationStack { AccountView(member: member, words: words, why: why) }
                        .tabItem { Label(words.account, systemImage: "person") }.tag(5)
                }
            }
            // Only while the screen is visible: the app needs no background location.
            .task(id: phase) { if phase == .active { await visit.sense() } }
        }
    }
}
