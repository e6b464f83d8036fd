import ExampleLines
import SwiftUI
import Tillsight

/// The settlement screen. Sizes are the system's text styles, and leading and trailing follow the
/// language.
struct SettlementView: View {
    let visit: Visit
    let lines: Lines
    /// Shows the payment page.
    let showPayment: () -> Void
    @Environment(\.dynamicTypeSize) private var typeSize
    @State private var scanning = false
    /// What helps while no code is read.
    @State private var help: String?
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
                    ForEach(lines.storage(screen), id: \.self) {
                        Text($0).font(.footnote).foregroundStyle(.red)
                    }
                }
                // VoiceOver tells of another store without being asked.
                .onChange(of: lines.heading(screen)) { _, heading in
                    AccessibilityNotification.Announcement(heading).post()
                }
                if screen.freshness.server == .loggedOut {
                    LogInView(visit: visit, words: lines.words)
                }
                question(screen)
                ForEach(lines.sections(screen), id: \.kind) { section in
                    SwiftUI.Section(section.heading) {
                        ForEach(Array(section.lines.enumerated()), id: \.offset) { _, line in
                            row(line, section.kind)
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
        }
        .refreshable { await visit.refresh() }
        // Where a thumb reaches it, however long the list is.
        .safeAreaInset(edge: .bottom) {
            Button(lines.words.scan) { scanning = true }.buttonStyle(.borderedProminent)
        }
        .sheet(isPresented: $scanning) {
            if let wallet = visit.wallet {
                CameraView(wallet: wallet, onReading: seen)
                // Keeps its height, so that the picture does not jump while someone aims.
                Text(help ?? " ")
                Button(lines.words.closeCamera) { scanning = false }
            }
        }
    }

    private func seen(_ outcome: Result<PlaneReading, any Error>?) {
        guard let outcome else { return help = lines.words.noCamera }
        visit.seen(outcome)
        if case .success(let reading) = outcome {
            help = reading.hint.map(lines.words.hint)
            if reading.screen != nil { scanning = false }
        }
    }

    /// The one question whose answer tells most: a tap on yes or no.
    @ViewBuilder
    private func question(_ screen: SettlementScreen) -> some View {
        if let asked = lines.question(screen), let store = screen.question?.store.id {
            VStack(alignment: .leading) {
                Text(asked).font(.headline)
                HStack {
                    Button(lines.words.yes) { Task { await visit.choose(store) } }
                        .buttonStyle(.borderedProminent)
                    Button(lines.words.no) { Task { await visit.deny(store) } }
                        .buttonStyle(.bordered)
                }
            }
        }
    }

    /// What works is large; what does not keeps its x apart from the names.
    private func row(_ line: Line, _ kind: SectionKind) -> some View {
        let font: Font = kind == .works ? .title3.bold() : .body
        let warns = line.mark == "x" || line.mark == "!"
        // Side by side, large letters would leave a name a few of them a line.
        let large = typeSize.isAccessibilitySize
        return HStack(alignment: .firstTextBaseline) {
            Text(line.mark).foregroundStyle(warns ? Color.red : Color.primary).frame(minWidth: 16)
            VStack(alignment: .leading) {
                Text(line.title).font(font)
                if large, !line.amount.isEmpty { Text(line.amount).font(font) }
                if !line.detail.isEmpty {
                    Text(line.detail).font(.subheadline).foregroundStyle(.secondary)
                }
            }
            Spacer()
            if !large { Text(line.amount).font(font) }
        }
        .contentShape(.rect)
        .onTapGesture {
            if let store = line.chooses { Task { await visit.choose(store) } }
            if let method = line.pays {
                showPayment()
                Task { await visit.paying?.begin(method) }
            }
            registering = line.registers == registering ? nil : line.registers
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(line.spoken)
        .accessibilityAddTraits(line.isTapped ? .isButton : [])
    }
}

private struct RegisterView: View {
    let words: Words
    let done: (String) -> Void
    @State private var code = ""

    var body: some View {
        TextField(words.linkCode, text: $code)
            .textInputAutocapitalization(.characters)
            .autocorrectionDisabled()
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
        TextField(words.userId, text: $userId)
            .textInputAutocapitalization(.never)
            .autocorrectionDisabled()
            .textContentType(.username)
        SecureField(words.password, text: $password).textContentType(.password)
        Button(words.logIn) { Task { await visit.logIn(userId: userId, password: password) } }
    }
}
