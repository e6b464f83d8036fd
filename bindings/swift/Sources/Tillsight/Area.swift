import TillsightCore

extension Wallet {
    /// Fetches the stores of all tiles round a place, a city for instance, so that they are known without a
    /// network: what is missing whole, and of what is older than a day what has changed. What came is kept,
    /// also when the task is cancelled or the connection breaks, and the next call goes on from there. Only
    /// the numbers of the tiles leave the phone.
    ///
    /// - Parameter onProgress: is told how much is here, before each question to the server and at the end,
    ///   on a thread of the wallet.
    /// - Throws: ``WalletError/areaRefused(_:_:)``, ``WalletError/serverAway(_:_:)``,
    ///   ``WalletError/storageUnusable(_:)``.
    @discardableResult
    public func fetchArea(
        _ area: Area, onProgress: @escaping @Sendable (AreaProgress) -> Void = { _ in }
    ) async throws -> AreaProgress {
        let goesOn = Guarded(true)
        let relay = AreaRelay {
            onProgress($0)
            return goesOn.with { $0 }
        }
        return try await withTaskCancellationHandler {
            try await call { try $0.fetchArea(area: area, listener: relay) }
        } onCancel: {
            goesOn.with { $0 = false }
        }
    }
}

/// The core's listener of an area's progress.
private final class AreaRelay: TillsightCore.AreaListener {
    private let tell: @Sendable (AreaProgress) -> Bool

    init(_ tell: @escaping @Sendable (AreaProgress) -> Bool) { self.tell = tell }

    func onProgress(progress: AreaProgress) -> Bool { tell(progress) }
}
