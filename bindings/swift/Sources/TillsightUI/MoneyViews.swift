#if !os(macOS)
import SwiftUI
import Tillsight
import TillsightWords

/// Why the last thing the person did came to nothing.
struct Refusal: View {
    let error: WalletError?
    let words: FormWords
    let why: Words
    @Environment(\.colours) private var colours

    var body: some View {
        if case .requestRefused(let problem, _) = error {
            Text(words.refused(problem)).foregroundStyle(colours.danger)
        } else if let error {
            Text(why.remedy(error.advice.remedy)).foregroundStyle(colours.danger)
        }
    }
}

/// A row: what it is, what it comes to, and what more there is to say, below.
struct Row: View {
    let title: String
    var amount = ""
    var detail = ""
    @Environment(\.colours) private var colours

    var body: some View {
        VStack(alignment: .leading) {
            Text([title, amount].filter { !$0.isEmpty }.joined(separator: "  "))
            if !detail.isEmpty { Text(detail).font(Tokens.support).foregroundStyle(colours.ink2) }
        }
        .accessibilityElement(children: .combine)
    }
}

/// The deposit page: a form, and what became of each deposit.
struct DepositView: View {
    let member: Membership
    let words: FormWords
    let why: Words
    @State private var source = ""
    @State private var amount = ""
    /// Belongs to the form as it was filled in: a double tap is one deposit, a changed form another.
    @State private var id = UUID()

    var body: some View {
        List {
            Refusal(error: member.refused, words: words, why: why)
            if let screen = member.deposits {
                if screen.sources.isEmpty { Text(words.nothingToDepositFrom) } else { form(screen) }
                ForEach(screen.wallets, id: \.name) { wallet in
                    Row(title: wallet.name, amount: wallet.balance?.formatted() ?? why.balanceUnknown)
                }
                ForEach(screen.deposits, id: \.id) { deposit in
                    let reason = deposit.reason.map { ": \(words.reason($0))" } ?? ""
                    Row(
                        title: deposit.source, amount: deposit.amount.formatted(),
                        detail: words.state(deposit.state) + reason)
                }
            }
        }
        .navigationTitle(words.deposit)
        .task { await member.followDeposits() }
    }

    @ViewBuilder
    private func form(_ screen: DepositScreen) -> some View {
        Picker(words.from, selection: $source) {
            Text("").tag("")
            ForEach(screen.sources.filter { $0.reason == nil }, id: \.id) { Text($0.name).tag($0.id) }
        }
        .onChange(of: source) { id = UUID() }
        TextField(words.amount, text: $amount)
            .keyboardType(.decimalPad)
            .onChange(of: amount) { id = UUID() }
        let wallet = screen.wallets.lazy.compactMap(\.balance).first
        let minor = wallet.flatMap { minorUnits(amount, decimals: Int($0.decimals)) }
        Button(words.doDeposit) {
            guard let wallet, let minor else { return }
            let ask = DepositAsk(
                id: id.uuidString.lowercased(), sourceId: source, amountMinor: minor,
                currency: wallet.currency)
            Task { await member.deposit(ask) }
        }
        .disabled(source.isEmpty || minor == nil)
    }
}

/// The history as far as it was fetched.
struct HistoryView: View {
    let member: Membership
    let words: FormWords
    let why: Words

    var body: some View {
        List {
            Refusal(error: member.refused, words: words, why: why)
            if member.history.isEmpty && member.after == nil { Text(words.nothingMoved) }
            ForEach(Array(member.history.enumerated()), id: \.offset) { _, row in moved(row) }
            if member.after != nil { Button(words.more) { Task { await member.moreHistory() } } }
        }
        .navigationTitle(words.history)
        .task { await member.openHistory() }
    }

    /// A payment or deposit, and beneath it what undid it.
    @ViewBuilder private func moved(_ row: HistoryRow) -> some View {
        let what = [words.kind(row.kind), row.store].compactMap { $0 }
        let method = row.from.map { "\($0) → \(row.method)" } ?? row.method
        let by = [method, row.left?.formatted()].compactMap { $0 }
        Row(
            title: what.joined(separator: "  "), amount: row.change.formatted(),
            detail: "\(by.joined(separator: " "))  \(moment(row.atMs))")
        ForEach(row.refunds, id: \.transfer) { refund in
            Row(title: words.undone(row.kind), amount: refund.change.formatted(), detail: moment(refund.atMs))
        }
    }

    private func moment(_ ms: Int64) -> String {
        Date(timeIntervalSince1970: Double(ms) / 1000).formatted()
    }
}
#endif
