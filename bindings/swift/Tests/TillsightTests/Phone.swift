import Foundation

@testable import Tillsight

/// The instant at which the tests take place.
let now = Date(timeIntervalSince1970: 1_790_000_000)

/// A good fix: Rome, Piazza Vittorio.
func goodFix(
    latitude: Double = 41.8947, accuracyM: Double = 12, takenAtMs: Int64 = 1_790_000_000_000,
    mocked: Bool = false
) -> Fix {
    Fix(
        latitude: latitude, longitude: 12.5045, accuracyM: accuracyM, takenAtMs: takenAtMs,
        mocked: mocked)
}

/// The key that the test register's list of keys is signed with, as in the scenarios.
let testRootKey = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"

/// Reverses what it seals: enough to tell sealed from open.
struct Reversed: KeyStore {
    func seal(_ secret: Data) -> Data { Data(secret.reversed()) }
    func open(_ sealed: Data) -> Data { Data(sealed.reversed()) }
    func forget() {}
}

/// A folder of the test's own.
func phoneFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path
}

func openWallet(
    folder: String? = nil, server: String = "", rootKey: String = testRootKey,
    keyStore: any KeyStore = Reversed(), transport: (any HttpTransport)? = nil
) async throws -> Wallet {
    let config = WalletConfig(
        folder: try folder ?? phoneFolder(), serverUrl: server, rootKey: rootKey, language: "en")
    return try await Wallet.open(
        config, keyStore: keyStore, clock: { now }, transport: transport)
}

/// The description of the test's network and its signature by that key, as in the scenarios.
private let network =
    ##"{"name":"Tillsight","beacon_uuid":"5af1e0de-0000-4000-8000-77616c6c6574""##
    + ##","link_host":"tillsight.example","colour":"#0b5d4e"}"##
private let networkSignature =
    "key=8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c; revision=1; until=1790604800000; "
    + "sig=53eefa11ccf3d39484cd3f7087b618980c094fc103a04d12e474c207438026dd"
    + "9cba2502a40afb0f1b1f1597a10c0a0cc9b183548547e463c7e49e7763d7900f"

/// A wallet server with one member and no stores, answering in place of the network.
final class EmptyServer: HttpTransport {
    static let address = "https://server.test"
    private let delay: TimeInterval
    private let count = Guarded(0)

    init(delay: TimeInterval = 0) { self.delay = delay }

    var answered: Int { count.with { $0 } }

    func send(_ request: HttpRequest) -> HttpReply {
        Thread.sleep(forTimeInterval: delay)
        let path = request.url.dropFirst(Self.address.count)
        if path == "/v1/network" {
            let signature = HttpHeader(name: "Tillsight-Signature", value: networkSignature)
            return HttpReply(status: 200, headers: [signature], body: Data(network.utf8))
        }
        let body =
            switch path {
            case "/v1/sessions/bound":
                #"{"token":"t","expires_at":1790003600000,"#
                    + #""refresh_token":"r","refresh_expires_at":1790003600000}"#
            case "/v1/methods": #"{"methods":[],"as_of":1790000000000}"#
            default: ""
            }
        if body.isEmpty { return HttpReply(status: 404, headers: [], body: Data()) }
        count.with { $0 += 1 }
        return HttpReply(status: 200, headers: [], body: Data(body.utf8))
    }
}

/// Answers everything in one way.
struct Always: HttpTransport {
    let answer: @Sendable () throws(HttpProblem) -> HttpReply
    func send(_ request: HttpRequest) throws(HttpProblem) -> HttpReply { try answer() }
}

/// What `work` comes to; a test that waits for what never comes fails after a minute.
func within<T: Sendable>(_ work: @escaping @Sendable () async throws -> T) async throws -> T {
    try await withThrowingTaskGroup(of: T.self) { group in
        group.addTask(operation: work)
        group.addTask {
            try await Task.sleep(for: .seconds(60))
            throw NeverCame()
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw NeverCame() }
        return first
    }
}

struct NeverCame: Error {}

/// The first screen whose balances are as the server has them now.
func live(_ screens: AsyncStream<SettlementScreen>) async throws -> SettlementScreen {
    try await within {
        for await screen in screens where screen.freshness.server == .live { return screen }
        throw NeverCame()
    }
}

/// How many the stream brings before it ends.
func counted<T: Sendable>(_ stream: AsyncStream<T>) async throws -> Int {
    try await within { await stream.reduce(0) { count, _ in count + 1 } }
}

/// The package's error that a call ends in; `nil` when there is none.
func failure(_ call: () async throws -> Void) async -> WalletError? {
    do {
        try await call()
        return nil
    } catch {
        return error as? WalletError
    }
}
