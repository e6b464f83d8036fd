import Foundation
import TillsightCore

extension Wallet {
    /// What to say by notifications while nobody looks at a screen; `NoticePoster` on phones posts it.
    /// There is one reader at a time: the stream of an earlier one ends when another begins, and with the
    /// wallet.
    ///
    /// - Parameter doorsADay: at most so many stores in 24 hours say at their door what works there, each
    ///   once a visit and only while the settlement screen is closed; 0 for none, at most 20.
    public func notices(doorsADay: UInt32 = 3) throws -> AsyncStream<Notice> {
        try noticed.stream(.unbounded) { [core] notices in
            let listener = notices.map(NoticeRelay.init)
            core.setNoticeListener(listener: listener, doorsADay: doorsADay)
        }
    }

    /// Says nothing at the door of a store any more, or says it again. Kept with the member, and forgotten
    /// at log-out.
    ///
    /// - Throws: ``WalletError/signalRefused(_:_:)``, ``WalletError/notLoggedIn(_:)``,
    ///   ``WalletError/storageUnusable(_:)``.
    public func muteStore(id: String, _ mutes: Bool) async throws {
        try await call { try $0.muteStore(storeId: id, mutes: mutes) }
    }

    /// The stores at whose doors nothing is said, the one muted last first.
    public func mutedStores() async throws -> [MutedStore] { try await call { $0.mutedStores() } }

    /// Hands over by what a provider wakes this app: whenever the provider gave one, which on phones is once
    /// after each start of the app; `nil` when there is none any more. The wallet server hears of it while a
    /// member is logged in, and forgets it at log-out. It is not kept on this phone.
    public func setPushToken(_ token: PushToken?) async throws {
        try await call { $0.setPushToken(token: token) }
    }

    /// A push came, or the app looks by itself from time to time where none comes: asks what is under way and
    /// what happened since, and tells of it by screens and notices. Returns whether anything was new. Waits
    /// for the server.
    ///
    /// - Throws: ``WalletError/notLoggedIn(_:)``, ``WalletError/serverAway(_:_:)``,
    ///   ``WalletError/storageUnusable(_:)``.
    public func pushed() async throws -> Bool { try await call { try $0.pushed() } }
}

extension PushToken {
    /// The token that `didRegisterForRemoteNotificationsWithDeviceToken` gives.
    public init(apns deviceToken: Data) {
        let token = deviceToken.map { String(format: "%02x", $0) }.joined()
        self.init(service: "apns", token: token)
    }
}

/// The core's listener: passes each notice on from the core's own thread.
private final class NoticeRelay: TillsightCore.NoticeListener {
    private let notices: AsyncStream<Notice>.Continuation

    init(notices: AsyncStream<Notice>.Continuation) { self.notices = notices }

    func onNotice(notice: Notice) { notices.yield(notice) }
}
