import ExampleLines
import SwiftUI
import Tillsight

/// The settlement screen. Sizes are the system's text styles, and leading and trailing follow the
/// language.
struct SettlementView: View {
    let visit: Visit
    let lines: Lines
    @State private var scanning = false
    @State private var hint: CameraHint?
    /// The scheme whose link code is asked for.
    @State private var registering: String?

    var body: some View {
        List {
            if let remedy = visit.remedy {
                Text(lines.words.remedy(remedy)).foregroundStyle(.red)
            }
            if let screen = visit.screen {
                VStack(alignment: .leading) {
                    Text(lines.heading(screen)).font(.title2).accessibilityAddTraits(.isHeader)
                    Text(lines.subtitle(screen)).font(.subheadline)
                    Text(lines.freshness(screen)).font(.footnote)
                }
                if screen.freshness.server == .loggedOut {
                    LogInView(visit: visit, words: lines.words)
                }
                ForEach(lines.sections(screen), id: \.heading) { section in
                    SwiftUI.Section(section.heading) {
                        ForEach(Array(section.lines.enumerated()), id: \.offset) { _, line in
                            row(line)
                            if let scheme = line.registers, scheme == registering {
                                RegisterView(words: lines.words) { code in
                                    registering = nil
                                    Task { await visit.register(scheme, linkCode: code) }
                                }
                            }
                        }
                    }
                }
                ForEach(screen.attributions, id: \.self) { Text($0).font(.caption) }
            }
            Button(lines.words.scan) { scanning = true }
        }
        .refreshable { await visit.refresh() }
        .sheet(isPresented: $scanning) {
            if let wallet = visit.wallet {
                CameraView(wallet: wallet) { outcome in
                    visit.seen(outcome)
                    if case .success(let reading) = outcome {
                        hint = reading.hint
                        if reading.screen != nil { scanning = false }
                    }
                }
                // Keeps its height, so that the picture does not jump while someone aims.
                Text(hint.map(lines.words.hint) ?? " ")
            }
        }
    }

    private func row(_ line: Line) -> some View {
        HStack(alignment: .firstTextBaseline) {
            Text(line.mark).frame(minWidth: 16)
            VStack(alignment: .leading) {
                Text(line.title)
                Text(line.detail).font(.subheadline).foregroundStyle(.secondary)
            }
        }
        .contentShape(.rect)
        .onTapGesture {
            if let store = line.chooses { Task { await visit.choose(store) } }
            registering = line.registers
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(line.spoken)
        .accessibilityAddTraits(line.chooses == nil && line.registers == nil ? [] : .isButton)
    }
}

private struct RegisterView: View {
    let words: Words
    let done: (String) -> Void
    @State private var code = ""

    var body: some View {
        TextField(words.linkCode, text: $code).textInputAutocapitalization(.characters)
        Button(words.register) { done(code.trimmingCharacters(in: .whitespaces)) }
            .disabled(code.trimmingCharacters(in: .whitespaces).isEmpty)
    }
}

private struct LogInView: View {
    let visit: Visit
    let words: Words
    @State private var userId = ""
    @State private var password = ""

    var body: some View {
        TextField(words.userId, text: $userId).textInputAutocapitalization(.never)
        SecureField(words.password, text: $password)
        Button(words.logIn) { Task { await visit.logIn(userId: userId, password: password) } }
    }
}
