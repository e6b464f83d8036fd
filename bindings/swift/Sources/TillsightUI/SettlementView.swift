#if !os(macOS)
import SwiftUI
import Tillsight
import TillsightWords

/// The settlement screen. Sizes are the system's text styles, and leading and trailing follow the
/// language.
public struct SettlementView: View {
    private let visit: Visit
    private let lines: Lines
    private let showPayment: () -> Void
    @Environment(\.colours) private var colours
    @State private var scanning = false
    /// What helps while no code is read.
    @State private var help: String?
    /// The scheme whose link code is asked for.
    @State private var registering: String?
    @State private var reporting: String?

    /// - Parameter showPayment: shows the payment page.
    public init(visit: Visit, lines: Lines, showPayment: @escaping () -> Void) {
        (self.visit, self.lines, self.showPayment) = (visit, lines, showPayment)
    }

    public var body: some View {
        List {
            if let remedy = visit.remedy {
                Text(lines.words.remedy(remedy)).foregroundStyle(colours.danger)
            }
            if let screen = visit.screen {
                VStack(alignment: .leading) {
                    Text(lines.heading(screen)).font(Tokens.store).accessibilityAddTraits(.isHeader)
                    Text(lines.subtitle(screen)).font(Tokens.support)
                    Text(lines.freshness(screen)).font(Tokens.support)
                    ForEach(lines.storage(screen), id: \.self) {
                        Text($0).font(Tokens.support).foregroundStyle(colours.danger)
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
                        ForEach(Array(section.lines.enumerated()), id: \.offset) { nth, line in
                            row(line, isFirst: nth == 0 && section.kind == .works)
                            if let store = screen.store?.id, let method = line.reports,
                                method == reporting
                            {
                                reports(store, method)
                            }
                            if let scheme = line.registers, scheme == registering {
                                RegisterView(words: lines.words) { code in
                                    registering = nil
                                    Task { await visit.register(scheme, linkCode: code) }
                                }
                            }
                        }
                        if section.kind == .scanned, let most = lines.typedUpTo(screen) {
                            AmountForm(most: most, lines: lines) { amount in
                                Task { await visit.type(amount, most.currency) }
                            }
                        }
                    }
                }
                ForEach(screen.attributions, id: \.self) { Text($0).font(Tokens.caption) }
            }
        }
        .listStyle(.plain)
        .scrollContentBackground(.hidden)
        .background(colours.bg)
        .tint(colours.go)
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
                Text(asked).font(Tokens.label)
                HStack {
                    Button(lines.words.yes) { Task { await visit.choose(store) } }
                        .buttonStyle(.borderedProminent)
                    Button(lines.words.no) { Task { await visit.deny(store) } }
                        .buttonStyle(.bordered)
                }
            }
        }
    }

    /// What happened at the till: one tap.
    private func reports(_ store: String, _ method: String) -> some View {
        ForEach([ReportKind.worked, .refused, .cashOnly], id: \.self) { kind in
            Button(lines.words.report(kind)) {
                reporting = nil
                Task { await visit.report(store, method, kind) }
            }
        }
    }

    private func row(_ line: Line, isFirst: Bool) -> some View {
        LineView(line: line, isFirst: isFirst)
        .listRowInsets(
            EdgeInsets(top: Tokens.space1, leading: Tokens.space4, bottom: Tokens.space1, trailing: Tokens.space4))
        .listRowSeparator(.hidden)
        .listRowBackground(Color.clear)
        .contentShape(.rect)
        .onTapGesture {
            if let store = line.chooses { Task { await visit.choose(store) } }
            if let method = line.pays {
                showPayment()
                Task { await visit.pay(method) }
            }
            registering = line.registers == registering ? nil : line.registers
            reporting = line.reports == reporting ? nil : line.reports
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
#endif
