import ExampleLines
import SwiftUI
import Tillsight

/// The payment page: whom, how much and with what, and the form to agree by.
struct PaymentView: View {
    let paying: Paying
    let title: String
    let words: PaymentWords
    let why: Words
    /// Gone with the page.
    @State private var code = ""

    var body: some View {
        List {
            if case .paymentRefused(let problem, _) = paying.refused {
                Text(words.refused(problem)).foregroundStyle(.red)
            } else if let error = paying.refused {
                Text(why.remedy(error.advice.remedy)).foregroundStyle(.red)
            }
            if let screen = paying.screen { payment(screen) } else { Text(words.scanFirst) }
        }
        .navigationTitle(title)
        .task { await paying.follow() }
    }

    @ViewBuilder
    private func payment(_ screen: PaymentScreen) -> some View {
        Row(
            title: screen.payee.isEmpty ? why.nameless : screen.payee,
            amount: screen.amount?.formatted() ?? "", detail: screen.method)
        let reason = screen.whyNot.map(why.why) ?? screen.reason.map(words.reason)
        let said = [words.state(screen.state), reason ?? "", words.next(screen.nextStep)]
        Text(said.filter { !$0.isEmpty }.joined(separator: ". "))
        if screen.state == .toApprove {
            SecureField(words.settlementCode, text: $code).keyboardType(.numberPad)
            Button(words.pay) {
                let typed = code
                code = ""
                Task { await paying.approve(screen.id, settlementCode: typed) }
            }
            .disabled(code.isEmpty)
        }
        if screen.state == .toApprove || screen.state == .awaited {
            Button(words.cancel) { Task { await paying.cancel(screen.id) } }
        }
    }
}
