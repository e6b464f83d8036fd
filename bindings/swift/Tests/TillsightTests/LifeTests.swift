import Foundation
import XCTest

@testable import Tillsight

final class LifeTests: XCTestCase {
    func testANewerScreenArrivesFromTheCoresOwnThread() async throws {
        let wallet = try await openWallet(server: EmptyServer.address, transport: EmptyServer())
        try await wallet.logIn(userId: "hanako", password: "secret")
        let screens = wallet.screens()
        try await wallet.sense(goodFix())
        let screen = try await live(screens)
        XCTAssertEqual(screen.drawnAt, now)
    }

    func testCancellingACallReturnsAtOnceAndTheCallEndsUnseen() async throws {
        let slow = EmptyServer(delay: 0.3)
        let wallet = try await openWallet(server: EmptyServer.address, transport: slow)
        let login = Task { try await wallet.logIn(userId: "hanako", password: "secret") }
        try await Task.sleep(for: .milliseconds(50))
        login.cancel()
        let outcome = await login.result
        XCTAssertThrowsError(try outcome.get()) { XCTAssertTrue($0 is CancellationError, "\($0)") }
        XCTAssertEqual(slow.answered, 0, "it came back before the server answered")
        for _ in 0..<100 where wallet.screen.freshness.server == .loggedOut {
            try await Task.sleep(for: .milliseconds(50))
            try await wallet.ask(
                MemberAsk(amountMinor: nil, currency: nil, choice: .all, phoneHasNfc: true))
        }
        XCTAssertNotEqual(wallet.screen.freshness.server, .loggedOut)
    }

    func testTheStreamEndsWithTheWallet() async throws {
        var wallet: Wallet? = try await openWallet()
        let screens = try XCTUnwrap(wallet).screens()
        wallet = nil
        let seen = try await counted(screens)
        XCTAssertEqual(seen, 1, "the screen there was when the reading began")
    }

    func testEightThreadsAtOnceAllGetTheirScreens() async throws {
        let wallet = try await openWallet(server: EmptyServer.address, transport: EmptyServer())
        try await wallet.logIn(userId: "hanako", password: "secret")
        let drawn = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<8 {
                group.addTask {
                    var drawn = 0
                    for round in 0..<200 {
                        let screen =
                            number % 2 == 0
                            ? try await wallet.sense(goodFix())
                            : try await wallet.ask(
                                MemberAsk(
                                    amountMinor: Int64(round), currency: "EUR", choice: .mostUsed,
                                    phoneHasNfc: true))
                        if screen.drawnAt == now { drawn += 1 }
                    }
                    return drawn
                }
            }
            return try await group.reduce(0, +)
        }
        XCTAssertEqual(drawn, 1_600)
    }

    func testWithoutAClockAdapterAScreenIsDrawnAtTheTimeOfTheSystem() async throws {
        // Rounded to the nearest millisecond here, cut in the core.
        let before = Date().millisecondsSince1970 - 1
        let config = WalletConfig(
            folder: try phoneFolder(), serverUrl: "", rootKey: testRootKey, language: "en")
        let wallet = try await Wallet.open(config, keyStore: Reversed())
        XCTAssert((before...Date().millisecondsSince1970 + 1).contains(wallet.screen.drawnAtMs))
    }

    func testAPlaneIsLentWhereItLiesAndAGigabyteOfItIsNeverCopied() async throws {
        let plane = [UInt8](repeating: 7, count: 1280 * 720)
        plane.withUnsafeBytes { plane in
            borrowed(plane).withUnsafeBytes { XCTAssertEqual($0.baseAddress, plane.baseAddress) }
        }
        let wallet = try await openWallet()
        // Pages that nobody touches take no memory.
        let size = 1 << 30
        let start = mmap(nil, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        let vast = UnsafeRawBufferPointer(start: try XCTUnwrap(start), count: size)
        let before = try process()
        // Refused for its turn, before a pixel of it is read.
        let shape = PlaneShape(width: 1280, height: 720, rowStride: 1280, rotationDegrees: 45)
        XCTAssertThrowsError(try wallet.sense(plane: vast, shape: shape))
        XCTAssertLessThan(try process().residentKb - before.residentKb, 65_536)
        munmap(start, size)
    }

    func testTenThousandOpensAndClosesLeaveNoThreadAndNoMemoryBehind() async throws {
        let folder = try phoneFolder()
        func rounds(_ count: Int) async throws {
            for _ in 0..<count { _ = try await openWallet(folder: folder) }
            try await Task.sleep(for: .milliseconds(300))
        }
        try await rounds(2_000)
        let before = try process()
        try await rounds(8_000)
        let after = try process()
        XCTAssertLessThanOrEqual(after.threads, before.threads + 8)
        // 8,000 wallets that each kept 1 KB would be 8 MB.
        XCTAssertLessThan(after.residentKb - before.residentKb, 8_000)
    }

    /// Threads and resident kilobytes of this process.
    private func process() throws -> (threads: Int, residentKb: Int) {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        func number(_ key: String) throws -> Int {
            let line = try XCTUnwrap(status.split(separator: "\n").first { $0.hasPrefix(key) })
            return try XCTUnwrap(Int(line.filter(\.isNumber)))
        }
        return (try number("Threads:"), try number("VmRSS:"))
    }
}
