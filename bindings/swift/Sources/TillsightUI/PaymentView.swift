#if !os(macOS)
import SwiftUI
import Tillsight
import TillsightWords

/// The payment page: whom, how much and with what, and the form to agree by.
struct PaymentView: View {
    let paying: Paying
    /// The methods that a code can be shown for.
    let shows: [MethodRow]
    let title: String
    let words: PaymentWords
    let why: Words
    /// Gone with the page.
    @State private var code = ""
    @Environment(\.colours) private var colours
    /// What the person had set, while a code is shown.
    @State private var brightness: CGFloat?

    var body: some View {
        List {
            if case .paymentRefused(let problem, _) = paying.refused {
                Text(words.refused(problem)).foregroundStyle(colours.danger)
            } else if let error = paying.refused {
                Text(why.remedy(error.advice.remedy)).foregroundStyle(colours.danger)
            }
            if let screen = paying.screen { payment(screen) } else { Text(words.scanFirst) }
            if paying.isFree {
                ForEach(shows, id: \.id) { method in
                    Button("\(words.showCode): \(method.name)") { Task { await paying.show(method.id) } }
                }
            }
        }
        .onChange(of: paying.screen?.bright ?? false) { _, bright in
            let usual = brightness ?? UIScreen.main.brightness
            brightness = bright ? usual : nil
            UIScreen.main.brightness = bright ? 1 : usual
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
        if screen.elsewhere { Text(words.elsewhere).foregroundStyle(colours.danger) }
        if let shown = screen.code {
            CodePicture(rows: shown.rows).accessibilityLabel(shown.text)
            Text(shown.text).monospaced()
            let until = Date(timeIntervalSince1970: Double(shown.untilMs) / 1000)
            LabeledContent(words.goodUntil) { Text(until, style: .timer) }
        }
        if screen.state == .toApprove {
            SecureField(words.settlementCode, text: $code).keyboardType(.numberPad)
            Button(words.pay) {
                let typed = code
                code = ""
                Task { await paying.approve(screen.id, settlementCode: typed) }
            }
            .disabled(code.isEmpty)
        }
        if screen.state == .done {
            Button(words.receipt) { Task { await paying.keepReceipt(screen.id) } }
            if let receipt = paying.receipt { ShareLink(item: receipt.page) }
        }
        if [.toApprove, .awaited, .shown].contains(screen.state) {
            Button(words.cancel) { Task { await paying.cancel(screen.id) } }
        }
    }
}

/// A code to be scanned, dark on light also where the page is dark.
private struct CodePicture: View {
    let rows: [String]

    var body: some View {
        Canvas { context, size in
            // Four light modules round it.
            let module = min(size.width, size.height) / CGFloat(rows.count + 8)
            context.fill(Path(CGRect(origin: .zero, size: size)), with: .color(.white))
            for (y, row) in rows.enumerated() {
                for (x, dark) in row.enumerated() where dark == "1" {
                    let corner = CGPoint(x: CGFloat(x + 4) * module, y: CGFloat(y + 4) * module)
                    let square = CGRect(origin: corner, size: CGSize(width: module, height: module))
                    context.fill(Path(square), with: .color(.black))
                }
            }
        }
        .aspectRatio(1, contentMode: .fit)
    }
}
#endif
