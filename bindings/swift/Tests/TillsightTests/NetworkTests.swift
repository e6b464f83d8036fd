import XCTest

@testable import Tillsight

final class NetworkTests: XCTestCase {
    func testWhatTheRadioListensForIsWhatTheCoreTakesForAStoreBeacon() async throws {
        let wallet = try await openWallet()
        let screen = try await wallet.sense(
            .ranged(
                uuid: Network.beaconUuid.uuidString, major: 7, minor: 9, rssiDbm: -60,
                heardAtMs: 1_790_000_000_000))
        XCTAssertEqual(screen.drawnAt, now)
    }
}
