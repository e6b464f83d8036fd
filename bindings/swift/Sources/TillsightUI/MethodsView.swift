#if !os(macOS)
import SwiftUI
import Tillsight
import TillsightWords

/// The methods page: what is registered, what can be changed of it, and a form to link another.
struct MethodsView: View {
    let member: Membership
    let words: FormWords
    let why: Words
    @State private var renaming: String?
    @State private var name = ""
    @State private var scheme = ""
    @State private var code = ""
    /// Where there are several, the code has to say which of them gave it.
    @State private var company = ""

    var body: some View {
        List {
            Refusal(error: member.refused, words: words, why: why)
            ForEach(member.methods?.methods ?? [], id: \.id) { method in
                row(method)
                if renaming == method.id {
                    TextField(words.name, text: $name)
                    Button(words.change) {
                        renaming = nil
                        change(method.id, MethodAsk(name: name))
                    }
                    .disabled(name.trimmingCharacters(in: .whitespaces).isEmpty)
                }
            }
            .onMove { from, to in
                guard let first = from.first, let method = member.methods?.methods[first] else { return }
                // SwiftUI counts the place before the row is taken out.
                change(method.id, MethodAsk(place: UInt32(to > first ? to - 1 : to)))
            }
            SwiftUI.Section(words.link) {
                if member.operators.count > 1 {
                    Picker(words.company, selection: $company) {
                        Text("").tag("")
                        ForEach(member.operators, id: \.self) { Text($0).tag($0) }
                    }
                }
                TextField(words.scheme, text: $scheme)
                    .textInputAutocapitalization(.never)
                    .autocorrectionDisabled()
                TextField(why.linkCode, text: $code)
                    .textInputAutocapitalization(.characters)
                    .autocorrectionDisabled()
                Button(why.register) {
                    let named = company.isEmpty || code.contains(":") ? code : "\(company):\(code)"
                    Task { await member.link(scheme, linkCode: named) }
                }
                .disabled(scheme.isEmpty || code.isEmpty)
            }
        }
        .navigationTitle(words.methods)
        .toolbar { EditButton() }
        .task { await member.openMethods() }
    }

    private func row(_ method: RegisteredRow) -> some View {
        let parts = [
            method.reason.map(why.why), method.isDepositSource ? words.depositSource : nil,
            method.schemes.joined(separator: ", "),
        ]
        return Row(
            title: method.name, amount: method.balance?.formatted() ?? why.balanceUnknown,
            detail: parts.compactMap(\.self).joined(separator: " · ")
        )
        .contextMenu {
            Button(method.isBlocked ? words.unblock : words.block) {
                change(method.id, MethodAsk(blocked: !method.isBlocked))
            }
            if method.canBeDepositSource && !method.isDepositSource {
                Button(words.takeDepositsFrom) { change(method.id, MethodAsk(depositSource: true)) }
            }
            Button(words.rename) { (renaming, name) = (method.id, method.name) }
            Button(words.remove, role: .destructive) { Task { await member.remove(method.id) } }
        }
    }

    private func change(_ method: String, _ ask: MethodAsk) {
        Task { await member.change(method, ask) }
    }
}
#endif
