import Foundation
import Tillsight

/// Every sentence of a notification in one language.
public struct NoticeWords: Sendable {
    private let locale: Locale

    /// The words of a locale's language; English for any other than Japanese.
    public init(locale: Locale) { self.locale = locale }

    private func say(_ english: String, _ japanese: String) -> String {
        locale.language.languageCode?.identifier == "ja" ? japanese : english
    }

    public func title(_ notice: Notice) -> String {
        switch notice.kind {
        case .atTheDoor: notice.store.isEmpty ? say("In this store", "この店") : notice.store
        case .paid: say("Paid", "支払い済みです")
        case .notPaid: say("Not paid", "支払われていません")
        case .deposited: say("Deposited", "入金しました")
        case .notDeposited: say("Not deposited", "入金されていません")
        case .refunded: say("Refunded", "返金されました")
        }
    }

    public func text(_ notice: Notice) -> String {
        if notice.kind == .atTheDoor { return works(notice) }
        let parts: [String?] = [
            notice.amount.map { $0.formatted(locale: locale) }, notice.store, notice.methods.first,
        ]
        return parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private func works(_ notice: Notice) -> String {
        let comma = say(", ", "、")
        var parts: [String] = []
        if !notice.methods.isEmpty {
            parts.append(say("Works here: ", "使えます: ") + notice.methods.joined(separator: comma))
        }
        if !notice.likely.isEmpty {
            parts.append(say("probably: ", "おそらく使えます: ") + notice.likely.joined(separator: comma))
        }
        if notice.more > 0 { parts.append(say("\(notice.more) more", "ほか\(notice.more)件")) }
        return parts.joined(separator: " · ")
    }
}
