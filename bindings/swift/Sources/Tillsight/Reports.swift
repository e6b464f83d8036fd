import TillsightCore

extension Wallet {
    /// Says what happened in a store with a method of the screen; of `cashOnly` any method. This phone's screens say
    /// so at once. Others are told an hour to a day later, by a report without a time, a place or a member, and only
    /// with what other members say: at most five a day, and none of a store where the phone is on most days.
    ///
    /// - Throws: ``WalletError/signalRefused(_:_:)`` for a store this phone does not know,
    ///   ``WalletError/requestRefused(_:_:)`` for a method that is not registered,
    ///   ``WalletError/notLoggedIn(_:)``.
    @discardableResult
    public func report(storeId: String, methodId: String, _ kind: ReportKind) async throws
        -> SettlementScreen
    {
        try await draw { try $0.report(storeId: storeId, methodId: methodId, kind: kind) }
    }
}
