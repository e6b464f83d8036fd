#if !os(macOS)
import SwiftUI
import Tillsight
import TillsightWords

/// How much is paid by a store's own code, which names no amount.
struct AmountForm: View {
    let most: Amount
    let lines: Lines
    let done: (Int64) -> Void
    @State private var amount = ""

    private var typed: Int64? { typedAmount(amount, upTo: most) }

    var body: some View {
        Text(lines.typeAmount(upTo: most))
        TextField("\(lines.words.amount) (\(most.currency))", text: $amount).keyboardType(.decimalPad)
        Button(lines.words.takeAmount) {
            if let typed { done(typed) }
        }
        .disabled(typed == nil)
    }
}

/// Up to how much an unlocked phone pays without asking, and how often a day.
struct UnlockForm: View {
    let limit: UnlockLimit
    /// What is in the wallet of the limit's currency.
    let wallet: Amount
    let member: Membership
    let words: FormWords
    @State private var amount = ""
    @State private var count = ""
    @State private var code = ""

    private var typed: UnlockLimit? { unlockLimit(amount, count, in: wallet) }

    var body: some View {
        SwiftUI.Section(words.unlockLimit) {
            let set = Amount(
                minor: limit.amountMinor, currency: limit.currency, decimals: wallet.decimals,
                text: "")
            LabeledContent(words.upTo, value: set.formatted())
            LabeledContent(words.timesADay, value: String(limit.countADay))
            TextField("\(words.upTo) (\(limit.currency))", text: $amount).keyboardType(.decimalPad)
            TextField(words.timesADay, text: $count).keyboardType(.numberPad)
            SecureField(words.presentSettlementCode, text: $code).keyboardType(.numberPad)
            Button(words.setLimit) {
                guard let typed else { return }
                let proof = code
                code = ""
                Task { await member.setUnlockLimit(typed, settlementCode: proof) }
            }
            .disabled(typed == nil || code.isEmpty)
        }
    }
}

/// Lets another device pay before its day of waiting is over.
struct LetPayForm: View {
    let device: String
    let member: Membership
    let words: FormWords
    @State private var code = ""

    var body: some View {
        SecureField(words.presentSettlementCode, text: $code).keyboardType(.numberPad)
        Button(words.letPay) {
            let proof = code
            code = ""
            Task { await member.agree(to: device, settlementCode: proof) }
        }
        .disabled(code.isEmpty)
    }
}
#endif
