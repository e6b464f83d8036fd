import TillsightCore

extension Wallet {
    /// What each of the stores in question says of a method, the one that the screen shows first; one store once
    /// it is settled which, none where no store is near. Waits for nothing but the phone's own disk.
    ///
    /// - Throws: ``WalletError/requestRefused(_:_:)`` when the method is not registered.
    public func why(methodId: String) async throws -> [StoreSays] {
        try await call { try $0.why(methodId: methodId) }
    }
}
