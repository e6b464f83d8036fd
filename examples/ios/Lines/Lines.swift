import Foundation
import Tillsight

/// One row to draw.
public struct Line: Equatable, Sendable {
    /// What stands before it: nothing, `?`, `+`, `x` or `!`.
    public let mark: String
    public let title: String
    public let detail: String
    /// What VoiceOver says instead of the row's parts.
    public let spoken: String
    /// The store that a tap chooses.
    public var chooses: String?
    /// The scheme that a tap begins to register.
    public var registers: String?
}

/// Rows under one heading.
public struct Section: Equatable, Sendable {
    public let heading: String
    public let lines: [Line]
}

/// The screen as headings and rows in one language: all there is to it but colours and letters.
public struct Lines: Sendable {
    public let words: Words
    private let locale: Locale

    public init(words: Words, locale: Locale) {
        self.words = words
        self.locale = locale
    }

    public func heading(_ screen: SettlementScreen) -> String {
        guard let store = screen.store else { return words.noStore }
        let name = [store.name, store.industry, words.nameless].first { !$0.isEmpty } ?? ""
        return screen.place == .choose ? "\(name)?" : name
    }

    public func subtitle(_ screen: SettlementScreen) -> String {
        let address = screen.store.map { [$0.address] } ?? []
        return (address.filter { !$0.isEmpty } + screen.evidence.map(words.evidence))
            .joined(separator: " · ")
    }

    public func freshness(_ screen: SettlementScreen) -> String {
        let minutes = screen.freshness.balancesAge.map { $0.components.seconds / 60 }
        return switch screen.freshness.server {
        case .away: words.away(minutes: minutes)
        case .loggedOut: words.logIn
        case .awaited, .live: minutes.map { words.age(minutes: $0) } ?? ""
        }
    }

    public func sections(_ screen: SettlementScreen) -> [Section] {
        let unknown = screen.storeListUnknown
        return [
            Section(heading: words.codeSays, lines: screen.code.map { [scanned($0)] } ?? []),
            Section(heading: words.works, lines: screen.active.map { row($0, "", words.works) }),
            Section(heading: words.mayWork, lines: screen.unsure.map { row($0, "?", words.mayWork) }),
            Section(
                heading: words.doesNotWork,
                lines: screen.inactive.map { row($0, "x", words.doesNotWork) }),
            Section(
                heading: unknown ? words.listUnknown : words.toRegister,
                lines: screen.suggestions.map {
                    Line(
                        mark: "+", title: $0.schemeName, detail: $0.howToRegister,
                        spoken: "\($0.schemeName). \($0.howToRegister)", registers: $0.scheme)
                }),
            Section(
                heading: words.which,
                lines: screen.candidates.map {
                    let name = $0.store.name.isEmpty ? words.nameless : $0.store.name
                    return Line(
                        mark: "", title: name, detail: $0.store.address,
                        spoken: "\(name). \($0.store.address)", chooses: $0.store.id)
                }),
        ].filter { !$0.lines.isEmpty || $0.heading == words.listUnknown }
    }

    private func scanned(_ code: CodeNote) -> Line {
        let amount = code.amount?.formatted(locale: locale)
        let said = [code.payee, amount ?? ""].filter { !$0.isEmpty }
        let title = (said.isEmpty ? code.schemes : said).joined(separator: " · ")
        let detail = code.warnings.map(words.warning).joined(separator: " · ")
        return Line(
            mark: code.warnings.isEmpty ? "" : "!", title: title, detail: detail,
            spoken: "\(words.codeSays): \(title). \(detail)")
    }

    private func row(_ method: MethodRow, _ mark: String, _ state: String) -> Line {
        let balance = method.balance?.formatted(locale: locale) ?? words.balanceUnknown
        let how = method.by.map { "\($0.schemeName): \(words.channel($0.channel))" }
        let detail = [balance, how, method.reason.map(words.why)].compactMap(\.self)
            .joined(separator: " · ")
        return Line(
            mark: mark, title: method.name, detail: detail,
            spoken: "\(method.name). \(state). \(detail)")
    }
}
