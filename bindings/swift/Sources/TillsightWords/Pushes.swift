import Foundation
import Observation
import Tillsight

/// What the system wakes this app for: that there is something new, and nothing of what.
@MainActor
@Observable
public final class Pushes {
    /// Whether the system gave a token, so that pushes can come.
    public private(set) var reach = false
    @ObservationIgnored private let wallet: Wallet

    public init(wallet: Wallet) { self.wallet = wallet }

    /// The system gave a token: it does so after each start that asks for one.
    public func token(_ deviceToken: Data) async {
        guard (try? await wallet.setPushToken(PushToken(apns: deviceToken))) != nil else { return }
        reach = true
    }

    /// A push came, or the app was opened: what it is of comes by screens and notices. Whether anything was new;
    /// nothing is while nobody is logged in or the server is away.
    public func came() async -> Bool { (try? await wallet.pushed()) ?? false }
}
