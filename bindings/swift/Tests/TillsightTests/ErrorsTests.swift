import Foundation
import XCTest

@testable import Tillsight

final class ErrorsTests: XCTestCase {
    func testEachBadFixIsRefusedWithItsOwnProblemAndTheNextGoodOneWorks() async throws {
        let wallet = try await openWallet()
        let bad: [(Fix, SignalProblem)] = [
            (goodFix(latitude: .nan), .fixNotANumber),
            (goodFix(latitude: 91), .fixOutOfRange),
            (goodFix(takenAtMs: .max), .fixFromFuture),
            (goodFix(takenAtMs: .min), .fixTooOld),
            (goodFix(mocked: true), .fixMocked),
            (goodFix(accuracyM: 50_000), .fixTooCoarse),
        ]
        for (fix, problem) in bad {
            let error = await failure { try await wallet.sense(fix) }
            guard case .signalRefused(problem, let advice) = error else {
                XCTFail("\(fix): \(String(describing: error))")
                continue
            }
            XCTAssertEqual(advice.retry, .nextSignal)
        }
        let place = try await wallet.sense(goodFix()).place
        XCTAssertEqual(place, .nowhere)
    }

    func testWhatIsNoStoresSignIsRefusedAsSuch() async throws {
        let wallet = try await openWallet()
        let text = await failure { try await wallet.sense(text: "https://example.com") }
        guard case .signalRefused(.textNoStoreCode, let advice) = text else {
            return XCTFail("\(String(describing: text))")
        }
        XCTAssertEqual(advice.remedy, .aimAgain)
        let frame = await failure {
            try await wallet.sense(
                .advertisement(bytes: Data([9, 1]), rssiDbm: -60, heardAtMs: 1_790_000_000_000))
        }
        guard case .signalRefused(.frameMalformed, _) = frame else {
            return XCTFail("\(String(describing: frame))")
        }
        let foreign = await failure {
            try await wallet.sense(
                .ranged(
                    uuid: UUID().uuidString, major: 1, minor: 2, rssiDbm: 0,
                    heardAtMs: 1_790_000_000_000))
        }
        guard case .signalRefused(.frameForeign, _) = foreign else {
            return XCTFail("\(String(describing: foreign))")
        }
        let store = await failure { try await wallet.choose(storeId: "no such store") }
        guard case .signalRefused(.storeUnknown, _) = store else {
            return XCTFail("\(String(describing: store))")
        }
    }

    func testAPlaneIsRefusedWhenItsShapeDoesNotFitAndLeadsToNoScreenWhileItShowsNoCode() async throws {
        let wallet = try await openWallet()
        let black = [UInt8](repeating: 0, count: 640 * 480)
        func sense(_ width: UInt32, turned degrees: UInt32) throws -> PlaneReading {
            let shape = PlaneShape(
                width: width, height: 480, rowStride: width, rotationDegrees: degrees)
            return try black.withUnsafeBytes { try wallet.sense(plane: $0, shape: shape) }
        }
        let seen = try sense(640, turned: 90)
        XCTAssertNil(seen.screen)
        XCTAssertEqual(seen.hint, .tooDark)
        for (width, degrees) in [(641, 90), (640, 45)] as [(UInt32, UInt32)] {
            XCTAssertThrowsError(try sense(width, turned: degrees)) { error in
                guard case WalletError.signalRefused(.planeMalformed, _) = error else {
                    return XCTFail("\(error)")
                }
            }
        }
    }

    func testALockedKeyStoreSaysWhenToComeBackAndALostKeyIsAnEmptyVault() async throws {
        struct Failing: KeyStore {
            let problem: KeyStoreProblem
            func seal(_ secret: Data) throws(KeyStoreProblem) -> Data { throw problem }
            func open(_ sealed: Data) throws(KeyStoreProblem) -> Data { throw problem }
            func forget() throws(KeyStoreProblem) { throw problem }
        }
        let folder = try phoneFolder()
        let first = try await openWallet(
            folder: folder, server: EmptyServer.address, transport: EmptyServer())
        try await first.logIn(userId: "a", password: "b")
        let locked = await failure {
            _ = try await openWallet(folder: folder, keyStore: Failing(problem: .locked))
        }
        guard case .keyStoreLocked(let advice) = locked else {
            return XCTFail("\(String(describing: locked))")
        }
        XCTAssertEqual(advice.retry.delay, .seconds(1))
        XCTAssertEqual(advice.remedy, .unlock)
        let lost = try await openWallet(folder: folder, keyStore: Failing(problem: .lost))
        XCTAssertEqual(lost.screen.freshness.server, .loggedOut)
    }

    func testAFolderThatCannotBeWrittenIsAStorageError() async throws {
        let error = await failure { _ = try await openWallet(folder: "/nowhere/at/all") }
        guard case .storageUnusable(let advice) = error else {
            return XCTFail("\(String(describing: error))")
        }
        XCTAssertEqual(advice.remedy, .freeStorage)
    }

    func testADamagedFileOfStoresIsPutAsideAndSaidOnTheScreen() async throws {
        let folder = try phoneFolder()
        let damaged = Data(repeating: 7, count: 9_000)
        try damaged.write(to: URL(fileURLWithPath: folder).appendingPathComponent("stores.sqlite"))
        let wallet = try await openWallet(folder: folder)
        XCTAssertEqual(wallet.screen.storage, [.storesPutAside])
        let used = try await wallet.storageUse()
        XCTAssertEqual(used.putAsideBytes, 9_000)
        XCTAssertGreaterThan(used.storesBytes, 0)
    }

    func testTheServerIsAskedToJudgeOnlyByWhatWasSensed() async throws {
        let wallet = try await openWallet()
        for by in [JudgedBy.position, .beacon, .accessPoint, .code] {
            let refused = await failure { _ = try await wallet.askServer(by: by) }
            guard case .signalRefused(.nothingSensed, _) = refused else {
                return XCTFail("\(by): \(String(describing: refused))")
            }
        }
        try await wallet.clearPositionUses()
        let uses = try await wallet.positionUses()
        XCTAssertEqual(uses, [])
    }

    func testAPrintedRequestReplyOrFormShowsNoTokenAndNoPassword() {
        let token = HttpHeader(name: "Authorization", value: "Bearer s3cr3t")
        let body = Data("s3cr3t".utf8)
        let request = HttpRequest(method: "POST", url: EmptyServer.address, headers: [token], body: body)
        let reply = HttpReply(status: 200, headers: [token], body: body)
        let join = JoinAsk(
            userId: "anna", password: "s3cr3t", settlementCode: "s3cr3t", name: "s3cr3t",
            address: "s3cr3t", phone: "s3cr3t", email: "s3cr3t")
        for printed in ["\(token)", "\(request)", "\(reply)", "\([request])", "\(join)"] {
            XCTAssertFalse(printed.contains("s3cr3t"), printed)
        }
        XCTAssertTrue("\(request)".contains("POST") && "\(reply)".contains("200"))
    }

    func testEachFailureOfTheTransportArrivesAsItsOwnServerProblem() async throws {
        let rows: [(Always, ServerProblem)] = [
            (Always { () throws(HttpProblem) in throw .unreachable }, .unreachable),
            (Always { () throws(HttpProblem) in throw .timeout }, .timeout),
            (Always { () throws(HttpProblem) in throw .tooLarge }, .garbled),
            (Always { HttpReply(status: 500, headers: [], body: Data()) }, .failing),
            (Always { HttpReply(status: 200, headers: [], body: Data("<html>".utf8)) }, .garbled),
        ]
        for (transport, problem) in rows {
            let wallet = try await openWallet(server: EmptyServer.address, transport: transport)
            let error = await failure { try await wallet.logIn(userId: "hanako", password: "s3cr3t") }
            guard case .serverAway(problem, _) = error else {
                XCTFail("\(problem): \(String(describing: error))")
                continue
            }
            XCTAssertFalse("\(String(describing: error))".contains("s3cr3t"))
        }
        let portal = Always {
            HttpReply(
                status: 401, headers: [HttpHeader(name: "content-type", value: "text/html")],
                body: Data())
        }
        for (address, problem) in [
            (EmptyServer.address, ServerProblem.garbled), ("http://server.test", .clearText),
        ] {
            let wallet = try await openWallet(server: address, transport: portal)
            let error = await failure { try await wallet.logIn(userId: "a", password: "b") }
            guard case .serverAway(problem, _) = error else {
                XCTFail("\(problem): \(String(describing: error))")
                continue
            }
        }
        let refusing = try await openWallet(
            server: EmptyServer.address,
            transport: Always {
                let problem = HttpHeader(name: "Content-Type", value: "application/problem+json")
                return HttpReply(status: 401, headers: [problem], body: Data())
            })
        let login = await failure { try await refusing.logIn(userId: "a", password: "b") }
        guard case .loginRefused = login else { return XCTFail("\(String(describing: login))") }
        let refresh = await failure { try await refusing.refresh() }
        guard case .notLoggedIn = refresh else { return XCTFail("\(String(describing: refresh))") }
    }
}
