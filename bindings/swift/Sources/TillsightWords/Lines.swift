import Foundation
import Tillsight

/// One row to draw.
public struct Line: Equatable, Sendable {
    /// What stands before it: nothing, `?`, `+`, `x` or `!`.
    public let mark: String
    public let title: String
    /// What stands at its end: what is left on a method, how far a store is.
    public var amount = ""
    public let detail: String
    /// What VoiceOver says instead of the row's parts.
    public let spoken: String
    /// How a method stands, which is drawn in the mark's place.
    public var state: MethodState?
    /// The store that a tap chooses.
    public var chooses: String?
    /// The scheme that a tap begins to register.
    public var registers: String?
    /// The method that a tap pays with what the code asks for, or what was typed.
    public var pays: String?
    /// The method of which a tap begins to say what happened at the till.
    public var reports: String?

    /// Whether a tap does anything.
    public var isTapped: Bool {
        chooses != nil || registers != nil || pays != nil || reports != nil
    }
}

/// What the rows of a section are.
public enum SectionKind: Hashable, Sendable {
    case scanned, works, likely, mayWork, doesNotWork, toRegister, stores
}

/// Rows under one heading.
public struct Section: Equatable, Sendable {
    public let kind: SectionKind
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
        return screen.place == .choose ? "\(name(store))?" : name(store)
    }

    public func subtitle(_ screen: SettlementScreen) -> String {
        joined([screen.store.map(whereabouts) ?? ""] + screen.evidence.map(words.evidence))
    }

    public func freshness(_ screen: SettlementScreen) -> String {
        let days = screen.freshness.storesAge.map { $0.components.seconds / 86_400 }
        return joined([balances(screen), days.map { words.storesOld(days: $0) } ?? ""])
    }

    /// What ails the phone's own storage, the gravest first.
    public func storage(_ screen: SettlementScreen) -> [String] {
        screen.storage.map(words.storage)
    }

    private func balances(_ screen: SettlementScreen) -> String {
        let minutes = screen.freshness.balancesAge.map { $0.components.seconds / 60 }
        return switch screen.freshness.server {
        case .away: words.away(minutes: minutes)
        case .loggedOut: words.logIn
        case .awaited, .live: minutes.map { words.age(minutes: $0) } ?? ""
        }
    }

    /// The question whose answer tells most, while it is open which store this is.
    public func question(_ screen: SettlementScreen) -> String? {
        screen.question.map { words.areYouIn(name($0.store)) }
    }

    public func sections(_ screen: SettlementScreen) -> [Section] {
        let unknown = screen.storeListUnknown
        let sections = [
            Section(
                kind: .scanned, heading: words.codeSays,
                lines: [screen.alarm.map(contradicted), screen.code.map { scanned($0, screen.store) }].compactMap(\.self)),
            methods(screen, .works, words.works, "", screen.active),
            methods(screen, .likely, words.likely, "", screen.likely),
            methods(screen, .mayWork, words.mayWork, "?", screen.unsure),
            methods(screen, .doesNotWork, words.doesNotWork, "x", screen.inactive),
            Section(
                kind: .toRegister, heading: unknown ? words.listUnknown : words.toRegister,
                lines: screen.suggestions.map {
                    Line(
                        mark: "+", title: $0.schemeName, detail: $0.howToRegister,
                        spoken: "\($0.schemeName). \($0.howToRegister)", registers: $0.scheme)
                }),
            Section(
                kind: .stores, heading: screen.place == .here ? words.another : words.which,
                lines: stores(screen).map(store)),
        ]
        return sections.filter { !$0.lines.isEmpty || ($0.kind == .toRegister && unknown) }
    }

    /// The stores to tap: the one shown is among them as long as it is a question.
    private func stores(_ screen: SettlementScreen) -> [StoreHead] {
        let shown = screen.place == .choose ? screen.store : nil
        return [shown].compactMap(\.self) + screen.candidates.map(\.store)
    }

    private func store(_ store: StoreHead) -> Line {
        let away = store.distanceM.map { "\($0) m" } ?? ""
        return Line(
            mark: "", title: name(store), amount: away, detail: whereabouts(store),
            spoken: sentence([name(store), whereabouts(store), away]), chooses: store.id)
    }

    private func name(_ store: StoreHead) -> String { store.name.isEmpty ? words.nameless : store.name }

    /// What tells a store from its neighbours; what it sells only where it has no name.
    private func whereabouts(_ store: StoreHead) -> String {
        let sells = store.industry.split(separator: "=").last ?? ""
        let kind = store.name.isEmpty ? sells.replacingOccurrences(of: "_", with: " ") : ""
        return joined([kind, store.address])
    }

    private func contradicted(_ alarm: Alarm) -> Line {
        let code = alarm.codeSays.isEmpty ? words.nameless : alarm.codeSays
        let said = words.alarm(codeSays: code, surroundingsSay: alarm.surroundingsSay)
        return Line(mark: "!", title: said, detail: "", spoken: said)
    }

    /// A store's own code names its store alone, which is the one shown.
    private func scanned(_ code: CodeNote, _ store: StoreHead?) -> Line {
        let amount = code.amount?.formatted(locale: locale) ?? ""
        let isOwn = [.storeCode, .paymentCode].contains(code.kind) && code.warnings.isEmpty
        let shown = isOwn ? store.map(name) : nil
        let title = [code.payee, joined(code.schemes), shown ?? ""].first { !$0.isEmpty } ?? ""
        let detail = joined(code.warnings.map(words.warning))
        return Line(
            mark: code.warnings.isEmpty ? "" : "!", title: title, amount: amount, detail: detail,
            spoken: sentence(["\(words.codeSays): \(title)", amount, detail]))
    }

    private func methods(
        _ screen: SettlementScreen, _ kind: SectionKind, _ heading: String, _ mark: String,
        _ methods: [MethodRow]
    ) -> Section {
        Section(kind: kind, heading: heading, lines: methods.map { row(screen, $0, mark, heading) })
    }

    /// The most that can be typed, where the code names no amount and may be paid by.
    public func typedUpTo(_ screen: SettlementScreen) -> Amount? {
        screen.code.flatMap { $0.warnings.isEmpty ? $0.typedUpTo : nil }
    }

    /// How much can be typed, and what to do then.
    public func typeAmount(upTo most: Amount) -> String {
        words.typeAmount(upTo: most.formatted(locale: locale))
    }

    /// Once it is known how much, a tap on a method that works, or may, pays with it.
    private func row(
        _ screen: SettlementScreen, _ method: MethodRow, _ mark: String, _ state: String
    ) -> Line {
        let amount = method.balance?.formatted(locale: locale) ?? ""
        let basis = method.basis
        let counted = method.by != nil && basis.stores > 1
        let parts = [
            method.state == .likelyNot ? words.likelyNot : nil,
            method.reason.map(words.why),
            method.by.map { "\($0.schemeName): \(words.channel($0.channel))" },
            counted ? words.taken(basis.take, of: basis.stores) : nil,
            said(screen, basis),
            method.balance == nil ? words.balanceUnknown : nil,
        ]
        let detail = joined(parts.compactMap(\.self))
        var line = Line(
            mark: mark, title: method.name, amount: amount, detail: detail,
            spoken: sentence([method.name, state, amount, detail]), state: method.state)
        let isToType = typedUpTo(screen) != nil
        let isTyped = isToType && screen.code?.amount != nil
        let isAsked = screen.code.map { $0.kind == .paymentCode && $0.warnings.isEmpty } ?? false
        if isTyped || isAsked, method.state != .inactive {
            line.pays = method.id
        } else if !isToType, screen.place == .here, screen.freshness.server != .loggedOut {
            // Only who is surely in a store says what happened there, and not while it is to be paid.
            line.reports = method.id
        }
        return line
    }

    private func said(_ screen: SettlementScreen, _ basis: MethodBasis) -> String? {
        guard let source = basis.source, let asOf = basis.asOfMs else { return nil }
        return words.said(source, days: max(0, screen.drawnAtMs - asOf) / 86_400_000)
    }

    private func joined(_ parts: [String]) -> String {
        parts.filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private func sentence(_ parts: [String]) -> String {
        parts.filter { !$0.isEmpty }.joined(separator: ". ")
    }
}
