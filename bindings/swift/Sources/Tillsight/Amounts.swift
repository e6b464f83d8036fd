import Foundation

extension Amount {
    /// The amount as a person of `locale` writes it.
    public func formatted(locale: Locale = .current) -> String {
        // Built from digits, so that no binary fraction comes near money.
        let value = Decimal(minor) / pow(Decimal(10), Int(decimals))
        return value.formatted(
            .currency(code: currency).locale(locale).precision(.fractionLength(Int(decimals))))
    }
}

extension SettlementScreen {
    /// When the screen was drawn.
    public var drawnAt: Date { Date(timeIntervalSince1970: Double(drawnAtMs) / 1000) }
}

extension Freshness {
    /// How old the oldest balance was when the screen was drawn; `nil` when none is known.
    public var balancesAge: Duration? { balancesAgeS.map { .seconds(Int64(clamping: $0)) } }

    /// How old the stores shown are, once the register does not vouch for them any more; `nil` before.
    public var storesAge: Duration? { storesAgeS.map { .seconds(Int64(clamping: $0)) } }
}
