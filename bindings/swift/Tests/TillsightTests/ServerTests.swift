import Foundation
import XCTest

@testable import Tillsight

/// Against the wallet server that `cargo xtask swift` starts, with the harness's world and member.
final class ServerTests: XCTestCase {
    /// Rome, Esquilino, within the harness's extract.
    private let rome = (latitude: 41.8959, longitude: 12.5036)

    private func server() throws -> String {
        let address = ProcessInfo.processInfo.environment["TILLSIGHT_SERVER"] ?? ""
        try XCTSkipIf(address.isEmpty, "no server was started for the tests")
        return address
    }

    private func open(
        folder: String, server: String, transport: (any HttpTransport)? = nil
    ) async throws -> Wallet {
        try await Wallet.open(
            WalletConfig(
                folder: folder, serverUrl: server,
                rootKey: ProcessInfo.processInfo.environment["TILLSIGHT_ROOT_KEY"] ?? "",
                language: "en"),
            keyStore: Reversed(), transport: transport)
    }

    private func fix() -> Fix {
        Fix(
            latitude: rome.latitude, longitude: rome.longitude, accuracyM: 20,
            takenAtMs: Int64(Date().timeIntervalSince1970 * 1000), mocked: false)
    }

    func testAMemberLogsInAndAFixDrawsTheStoresOfThePlaceWithLiveBalances() async throws {
        let server = try server()
        let folder = try phoneFolder()
        let wallet = try await open(folder: folder, server: server)
        try await wallet.logIn(userId: "hanako", password: "correct horse battery staple")
        try await wallet.prefetch(latitude: rome.latitude, longitude: rome.longitude)
        let screens = wallet.screens()
        let screen = try await wallet.sense(fix())
        XCTAssertFalse(screen.candidates.isEmpty, "no store near the station: \(screen)")
        XCTAssertEqual(screen.attributions, ["© OpenStreetMap contributors"])
        let live = try await live(screens)
        let methods = live.active + live.likely + live.unsure + live.inactive
        XCTAssertTrue(methods.contains { $0.balance != nil }, "no balance: \(methods)")
        XCTAssertTrue(live.inactive.allSatisfy { $0.reason != nil }, "a method does not say why not")
        let first = try XCTUnwrap(screen.candidates.first)
        let chosen = try await wallet.choose(storeId: first.store.id)
        XCTAssertEqual(chosen.store?.id, first.store.id)
        // The next start needs no server: the stores and the methods are on the phone.
        let offline = try await open(folder: folder, server: "http://127.0.0.1:9")
        let again = try await offline.sense(fix())
        XCTAssertFalse(again.candidates.isEmpty)
        XCTAssertFalse(
            (again.active + again.likely + again.unsure + again.inactive).isEmpty, "the vault was not read again")
    }

    func testACityIsFetchedWithItsProgressAndOneTooWideIsRefused() async throws {
        let wallet = try await open(folder: phoneFolder(), server: server())
        let heard = Guarded<[AreaProgress]>([])
        let area = Area(latitude: rome.latitude, longitude: rome.longitude, radiusM: 3_000)
        let end = try await wallet.fetchArea(area) { progress in heard.with { $0.append(progress) } }
        XCTAssertGreaterThanOrEqual(heard.with { $0.count }, 2)
        XCTAssertEqual(heard.with { $0.first?.stores }, 0)
        XCTAssertEqual(heard.with { $0.last }, end)
        XCTAssertTrue(end.stores > 0 && end.stores == end.ofStores)
        let candidates = try await wallet.sense(fix()).candidates
        XCTAssertFalse(candidates.isEmpty)
        let wide = Area(latitude: rome.latitude, longitude: rome.longitude, radiusM: 100_001)
        do {
            try await wallet.fetchArea(wide)
            XCTFail("an area too wide was fetched")
        } catch WalletError.areaRefused(let problem, _) {
            XCTAssertEqual(problem, .tooWide)
        }
    }

    func testHowADepositEndedIsToldOfByANotice() async throws {
        let wallet = try await open(folder: phoneFolder(), server: server())
        try await wallet.logIn(userId: "hanako", password: "correct horse battery staple")
        let notices = try wallet.notices()
        let source = try XCTUnwrap(
            wallet.depositScreen.sources.first { $0.reason == nil && $0.balance?.currency == "EUR" })
        let id = UUID().uuidString.lowercased()
        try await wallet.deposit(
            DepositAsk(id: id, sourceId: source.id, amountMinor: 100, currency: "EUR"))
        var told: Notice?
        for await notice in notices {
            told = notice
            break
        }
        XCTAssertEqual(told?.kind, .deposited)
        XCTAssertEqual(told?.id, id)
        XCTAssertEqual(told?.methods, [source.name])
    }

    func testWhatAPushWasOfIsFetchedAndItsTokenIsNotPrinted() async throws {
        let wallet = try await open(folder: phoneFolder(), server: server())
        do {
            _ = try await wallet.pushed()
            XCTFail("nobody is logged in")
        } catch WalletError.notLoggedIn {}
        try await wallet.logIn(userId: "hanako", password: "correct horse battery staple")
        let token = PushToken(apns: Data([0x0f, 0xa0]))
        XCTAssertEqual(token, PushToken(service: "apns", token: "0fa0"))
        XCTAssertFalse(String(reflecting: token).contains("0fa0"))
        try await wallet.setPushToken(token)
        _ = try await wallet.pushed()
        let source = try XCTUnwrap(
            wallet.depositScreen.sources.first { $0.reason == nil && $0.balance?.currency == "EUR" })
        let id = UUID().uuidString.lowercased()
        try await wallet.deposit(
            DepositAsk(id: id, sourceId: source.id, amountMinor: 100, currency: "EUR"))
        while try await !wallet.pushed() { await Task.yield() }
        try await wallet.setPushToken(nil)
    }

    func testAMutedStoreIsKeptUntilItIsHeardAgain() async throws {
        let wallet = try await open(folder: phoneFolder(), server: server())
        try await wallet.logIn(userId: "hanako", password: "correct horse battery staple")
        try await wallet.prefetch(latitude: rome.latitude, longitude: rome.longitude)
        let screen = try await wallet.sense(fix())
        let store = try XCTUnwrap(screen.candidates.first?.store)
        try await wallet.muteStore(id: store.id, true)
        let muted = try await wallet.mutedStores()
        XCTAssertEqual(muted, [MutedStore(id: store.id, name: store.name)])
        try await wallet.muteStore(id: store.id, false)
        let heard = try await wallet.mutedStores()
        XCTAssertTrue(heard.isEmpty)
    }

    func testWhatHappenedAtATillShowsAtOnceAsTheMembersOwnExperience() async throws {
        let wallet = try await open(folder: phoneFolder(), server: server())
        try await wallet.logIn(userId: "hanako", password: "correct horse battery staple")
        try await wallet.prefetch(latitude: rome.latitude, longitude: rome.longitude)
        let sensed = try await wallet.sense(fix())
        let store = try XCTUnwrap(sensed.candidates.first?.store)
        let methods = try await wallet.methods().methods
        let method = try XCTUnwrap(methods.first)
        try await wallet.choose(storeId: store.id)
        let screen = try await wallet.report(storeId: store.id, methodId: method.id, .cashOnly)
        let row = try XCTUnwrap(screen.inactive.first { $0.id == method.id })
        XCTAssertEqual(row.basis.source, .own)
        let says = try await wallet.why(methodId: method.id)
        XCTAssertEqual(says.map(\.store.id), [store.id])
        // The balance may have been asked for between the two.
        XCTAssertEqual(says.map(\.method.basis), [row.basis])
    }

    func testALinkCodeRegistersAMethodWithItsBalanceAndAMadeUpOneIsRefused() async throws {
        /// What the harness's settlement operator gave its member.
        let code = "cards:TRY-7733-CARD-2604"
        let wallet = try await open(folder: try phoneFolder(), server: try server())
        let early = await failure { try await wallet.register(scheme: "jcb", linkCode: code) }
        guard case .notLoggedIn = early else { return XCTFail("\(String(describing: early))") }
        try await wallet.logIn(userId: "hanako", password: "correct horse battery staple")
        let refused = await failure {
            try await wallet.register(scheme: "jcb", linkCode: "cards:TRY-0000-CARD-0000")
        }
        XCTAssertEqual(refused?.advice.remedy, .checkLinkCode)
        try await wallet.register(scheme: "jcb", linkCode: code)
        let screen = try await wallet.sense(fix())
        let methods = screen.active + screen.likely + screen.unsure + screen.inactive
        XCTAssertTrue(
            methods.contains { $0.name.contains("7733") && $0.balance != nil },
            "not registered: \(methods)")
    }

    func testADepositIsPendingAtOnceThenDoneAndInTheHistory() async throws {
        let wallet = try await open(folder: try phoneFolder(), server: try server())
        try await wallet.logIn(userId: "hanako", password: "correct horse battery staple")
        let sources = wallet.depositScreen.sources
        let source = sources.first { $0.reason == nil && $0.balance?.currency == "EUR" }
        let ask = DepositAsk(
            id: UUID().uuidString.lowercased(), sourceId: try XCTUnwrap(source).id, amountMinor: 100,
            currency: "EUR")
        let screens = wallet.depositScreens()
        let asked = try await wallet.deposit(ask)
        XCTAssertEqual(asked.deposits.first?.state, .pending)
        for await screen in screens {
            guard let deposit = screen.deposits.first, deposit.state != .pending else { continue }
            XCTAssertEqual(deposit.state, .done, "\(deposit)")
            break
        }
        let newest = try await wallet.history().rows.first
        XCTAssertEqual(newest?.kind, .deposit)
        XCTAssertEqual(newest?.change.minor, 100)
        XCTAssertNotNil(newest?.from)
    }

    /// Without a member: the Foundation of Linux, which no phone has, ends the process at an answer of 401,
    /// which a log-in begins with.
    func testUrlSessionCarriesTheCallsForAPlace() async throws {
        let wallet = try await open(
            folder: try phoneFolder(), server: try server(), transport: UrlSessionTransport())
        try await wallet.prefetch(latitude: rome.latitude, longitude: rome.longitude)
        let screen = try await wallet.sense(fix())
        XCTAssertFalse(screen.candidates.isEmpty)
    }

    func testUrlSessionTellsThatNobodyIsThere() throws {
        let request = HttpRequest(
            method: "GET", url: "http://127.0.0.1:9/v1/keys", headers: [], body: Data(), answerWithinMs: 4_000)
        XCTAssertThrowsError(try UrlSessionTransport().send(request)) { error in
            XCTAssertEqual(error as? HttpProblem, .unreachable)
        }
    }

    func testAWrongPasswordIsRefusedAndLeavesTheWalletLoggedOut() async throws {
        let wallet = try await open(folder: try phoneFolder(), server: try server())
        do {
            try await wallet.logIn(userId: "hanako", password: "wrong")
            XCTFail("logged in")
        } catch WalletError.loginRefused {
            XCTAssertEqual(wallet.screen.freshness.server, .loggedOut)
        }
    }
}
