import XCTest

@testable import Tillsight

final class PlanTests: XCTestCase {
    func testOpeningTheScreenTurnsTheRadioOnAndTheRegionIsTheStoresOwn() async throws {
        let wallet = try await openWallet(
            server: EmptyServer.address, transport: EmptyServer())
        var unknown = try wallet.plans(.always).makeAsyncIterator()
        let silent = await unknown.next()
        XCTAssertEqual(silent?.beacons, .off)
        XCTAssertEqual(silent?.regionUuid, "")
        // The server says which network it is of, and has no stores.
        _ = await failure { try await wallet.prefetch(latitude: 41.8947, longitude: 12.5045) }
        var plans = try wallet.plans(.screen).makeAsyncIterator()
        let first = await plans.next()
        XCTAssertEqual(first?.beacons, .off)
        XCTAssertNil(first?.fixesEveryMs)
        try await wallet.screenOpened()
        let second = await plans.next()
        let burst = try XCTUnwrap(second)
        XCTAssertEqual(burst.beacons, .burst)
        XCTAssertEqual(burst.fixesEveryMs, 1_000)
        XCTAssertNotEqual(burst.id, first?.id)
        let screen = try await wallet.sense(
            .ranged(
                uuid: burst.regionUuid, major: 7, minor: 9, rssiDbm: -60,
                heardAtMs: 1_790_000_000_000))
        XCTAssertEqual(screen.drawnAt, now)
    }

    func testANewReaderEndsTheOldOnesStreamAndKeepsItsOwn() async throws {
        let wallet = try await openWallet(
            server: EmptyServer.address, transport: EmptyServer())
        // Without the network's beacons there is nothing to watch.
        _ = await failure { try await wallet.prefetch(latitude: 41.8947, longitude: 12.5045) }
        let first = try wallet.plans(.screen)
        var second = try wallet.plans(.always).makeAsyncIterator()
        // Told one plan at most, then ended.
        let count = try await counted(first)
        XCTAssertLessThanOrEqual(count, 1)
        var seen = await second.next()
        if seen?.beacons == .off { seen = await second.next() }
        XCTAssertEqual(seen?.beacons, .watch)
    }

    func testTheStreamEndsWithTheWallet() async throws {
        var wallet: Wallet? = try await openWallet()
        let plans = try XCTUnwrap(wallet).plans(.screen)
        wallet = nil
        let count = try await counted(plans)
        XCTAssertLessThanOrEqual(count, 1)
    }

    func testARecordingIsWrittenAndASecondOneNeverReplacesIt() async throws {
        let wallet = try await openWallet()
        let file = URL(fileURLWithPath: try phoneFolder()).appendingPathComponent("visit.jsonl")
        try await wallet.startRecording(to: file, positions: .withheld)
        try await wallet.sense(goodFix())
        try await wallet.sense(.walking)
        try await wallet.stopRecording()
        let kept = try String(contentsOf: file, encoding: .utf8)
        XCTAssertGreaterThan(kept.split(separator: "\n").count, 2)
        XCTAssertFalse(kept.contains("41.89"), "a position that was to be withheld")
        let again = await failure { try await wallet.startRecording(to: file, positions: .exact) }
        guard case .storageUnusable = again else { return XCTFail("\(String(describing: again))") }
    }

    func testAccessPointsAreTakenAndOneThatIsNoneIsRefused() async throws {
        let wallet = try await openWallet()
        let heard = AccessPoint(bssid: "0a:1b:2c:3d:4e:5f", rssiDbm: -50)
        let report = WifiReport(joined: nil, heard: [heard], heardAtMs: 1_790_000_000_000)
        let screen = try await wallet.sense(report)
        XCTAssertEqual(screen.drawnAt, now)
        let foreign = WifiReport(joined: "my phone", heard: [], heardAtMs: 1_790_000_000_000)
        let refused = await failure { try await wallet.sense(foreign) }
        guard case .signalRefused(.accessPointMalformed, _) = refused else {
            return XCTFail("\(String(describing: refused))")
        }
    }
}
