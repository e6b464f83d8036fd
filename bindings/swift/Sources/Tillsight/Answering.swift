import TillsightCore

extension Wallet {
    /// The member says that the phone is not in a store: a no to the screen's `question`. It holds until
    /// the member chooses that store, at most for half an hour.
    ///
    /// - Throws: ``WalletError/signalRefused(_:_:)`` for a store this phone does not know.
    @discardableResult
    public func deny(storeId: String) async throws -> SettlementScreen {
        try await draw { try $0.denyStore(storeId: storeId) }
    }
}
