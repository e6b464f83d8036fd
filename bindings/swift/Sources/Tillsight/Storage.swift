import TillsightCore

extension Wallet {
    /// The room that the wallet's files take on this phone.
    public func storageUse() async throws -> StorageUse { try await call { $0.storageUse() } }
}
