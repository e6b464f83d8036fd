import Foundation
import Tillsight

// What Tillsight itself has on Apple platforms only (`Sources/Tillsight/Apple`).

public struct KeychainKeyStore: KeyStore {
    public init(account: String = "tillsight") {}
    public func seal(_ secret: Data) throws(KeyStoreProblem) -> Data { secret }
    public func open(_ sealed: Data) throws(KeyStoreProblem) -> Data { sealed }
    public func forget() throws(KeyStoreProblem) {}
}

@MainActor public final class Sensing {
    public init(_ wallet: Wallet) {}
    public func run() async throws {}
}

@MainActor public final class NoticePoster {
    public init(text: @escaping @Sendable (Notice) -> (title: String, body: String)) {}
    public func ask() async -> Bool { false }
    @discardableResult
    public func post(_ notice: Notice) async -> Bool { false }
}
