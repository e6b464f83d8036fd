#if !os(macOS)
import SwiftUI
import Tillsight
import TillsightWords

/// Every page of a wallet: the settlement screen, payment, deposit, history, methods and account. Senses while
/// it is on the screen.
public struct WalletPages: View {
    private let visit: Visit
    /// The page that is open.
    @State private var page = 0
    @Environment(\.scenePhase) private var phase
    @Environment(\.locale) private var locale

    public init(_ visit: Visit) { self.visit = visit }

    private var language: String { locale.language.languageCode?.identifier ?? "en" }

    private var lines: Lines { Lines(words: Words(language: language), locale: locale) }

    public var body: some View {
        let (words, why) = (FormWords(language: language), lines.words)
        TabView(selection: $page) {
            SettlementView(visit: visit, lines: lines) { page = 1 }
                .tabItem { Label(words.here, systemImage: "storefront") }.tag(0)
            if let paying = visit.paying {
                let rows = (visit.screen?.active ?? []) + (visit.screen?.unsure ?? [])
                let shows = rows.filter { $0.kind == .electronicMoney }
                NavigationStack {
                    PaymentView(
                        paying: paying, shows: shows, title: words.payment,
                        words: PaymentWords(language: language), why: why)
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
                NavigationStack {
                    AccountView(member: member, pushes: visit.pushes, words: words, why: why)
                }
                .tabItem { Label(words.account, systemImage: "person") }.tag(5)
            }
        }
        // Only while the screen is visible: the app needs no background location.
        .task(id: phase) { if phase == .active { await visit.sense() } }
    }
}
#endif
