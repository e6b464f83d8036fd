import TillsightCore

extension Wallet {
    /// Has the server judge which store this is, by what was sensed in the last two minutes. Only this call
    /// tells the server where the member is; it is for an app whose member wants that. Waits for the server.
    ///
    /// - Throws: ``WalletError/signalRefused(_:_:)``, ``WalletError/notLoggedIn(_:)``,
    ///   ``WalletError/serverAway(_:_:)``, ``WalletError/storageUnusable(_:)``.
    @discardableResult
    public func askServer(by: JudgedBy) async throws -> SettlementScreen {
        try await draw { try $0.askServer(by: by) }
    }

    /// Every look-up that left the phone and told something of where it is, the newest first, at most the
    /// last 200. Kept sealed with the member, without one until the app ends, and forgotten at log-out.
    public func positionUses() async throws -> [PositionUse] { try await call { $0.positionUses() } }

    /// Forgets the look-ups.
    ///
    /// - Throws: ``WalletError/storageUnusable(_:)``.
    public func clearPositionUses() async throws { try await call { try $0.clearPositionUses() } }
}
