import Foundation

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
