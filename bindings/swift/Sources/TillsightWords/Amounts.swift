import Foundation
import Tillsight

/// What was typed, in the smallest unit of a currency with so many decimals; `nil` for what is no
/// amount in it. Counted in decimal digits, so that no binary fraction comes near money.
public func minorUnits(_ typed: String, decimals: Int) -> Int64? {
    let text = typed.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: ",", with: ".")
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), text.allSatisfy({ $0 == "." || ("0"..."9").contains($0) }),
        let whole = parts.first, !whole.isEmpty
    else { return nil }
    let fraction = parts.count == 2 ? String(parts[1]) : ""
    guard fraction.count <= decimals else { return nil }
    let padding = String(repeating: "0", count: decimals - fraction.count)
    guard let minor = Int64(whole + fraction + padding), minor > 0 else { return nil }
    return minor
}

/// What was typed as the amount of a store's own code, in the smallest unit; `nil` for what is no amount in the
/// currency of `most`, or more than that.
public func typedAmount(_ typed: String, upTo most: Amount) -> Int64? {
    minorUnits(typed, decimals: Int(most.decimals)).flatMap { $0 <= most.minor ? $0 : nil }
}

/// What was typed as a limit of what an unlocked phone pays, in the currency of `wallet`, where nothing is a
/// limit, too; `nil` for what is none.
public func unlockLimit(_ amount: String, _ count: String, in wallet: Amount) -> UnlockLimit? {
    let isNothing = amount.trimmingCharacters(in: .whitespaces) == "0"
    let minor = isNothing ? 0 : minorUnits(amount, decimals: Int(wallet.decimals))
    guard let minor, let count = UInt32(count.trimmingCharacters(in: .whitespaces)) else { return nil }
    return UnlockLimit(amountMinor: minor, currency: wallet.currency, countADay: count)
}
