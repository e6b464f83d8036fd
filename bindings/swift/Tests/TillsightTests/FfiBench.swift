import Foundation
import TillsightCore
import XCTest

@testable import Tillsight

/// The calls of `benches/ffi.rs` through the bindings; `cargo xtask ffi` runs both.
final class FfiBench: XCTestCase {
    private let calls = 5_000
    private let rounds = 7
    private let starts = 15

    func testFixToScreenAndAPlaneTimedAsRustTimesItsOwn() async throws {
        let environment = ProcessInfo.processInfo.environment
        try XCTSkipIf(environment["TILLSIGHT_BENCH"] == nil, "a measurement, not a test")
        let folder = try phoneFolder()
        let rootKey = environment["TILLSIGHT_ROOT_KEY"] ?? ""
        let online = try await Tillsight.Wallet.open(
            WalletConfig(
                folder: folder, serverUrl: environment["TILLSIGHT_SERVER"] ?? "", rootKey: rootKey,
                language: "en"),
            keyStore: Reversed())
        try await online.logIn(userId: "hanako", password: "correct horse battery staple")
        try await online.prefetch(latitude: 41.8959, longitude: 12.5036)
        let core = try TillsightCore.Wallet.open(
            config: WalletConfig(
                folder: folder, serverUrl: "", rootKey: rootKey, language: "en"),
            keyStore: KeyStoreAdapter(delegate: Reversed()), clock: nil,
            log: LogAdapter(delegate: { _, _ in }), transport: nil)
        let drawn = try median {
            try core.senseFix(fix: place()).candidates.count
        }
        let screen = try median { core.screen().candidates.count }
        print("ffi swift: fix to screen \(drawn), screen \(screen) ns (medians of \(calls))")
        let plane = Data(count: 1280 * 720)
        let shape = PlaneShape(width: 1280, height: 1, rowStride: 1280, rotationDegrees: 0)
        let refused = try median { (try? core.sensePlane(luma: plane, shape: shape)) == nil ? 1 : 0 }
        print("ffi swift: a 1280 x 720 plane handed over \(refused) ns (medians of \(calls))")
        XCTAssertFalse(core.screen().candidates.isEmpty, "nothing was drawn")
    }

    /// Draws one screen in a process of its own, from the opening of the wallet, and says how long
    /// that took.
    func testOneScreen() throws {
        let environment = ProcessInfo.processInfo.environment
        try XCTSkipIf(environment["TILLSIGHT_FIRST_SCREEN"] == nil, "started by the test below")
        let folder = environment["TILLSIGHT_CACHE"] ?? ""
        let rootKey = try String(contentsOfFile: folder + "/root-key", encoding: .utf8)
        let begun = DispatchTime.now().uptimeNanoseconds
        let core = try TillsightCore.Wallet.open(
            config: WalletConfig(
                folder: folder, serverUrl: "", rootKey: rootKey, language: "en"),
            keyStore: KeyStoreAdapter(delegate: Reversed()), clock: nil,
            log: LogAdapter(delegate: { _, _ in }), transport: nil)
        let screen = try core.senseFix(fix: place())
        let time = DispatchTime.now().uptimeNanoseconds - begun
        XCTAssertNotNil(screen.store)
        XCTAssertEqual(screen.active.count + screen.likely.count + screen.unsure.count + screen.inactive.count, 5)
        print("first \(time) ns")
    }

    func testTheFirstScreenOfAProcessOverAHundredThousandStores() throws {
        let environment = ProcessInfo.processInfo.environment
        try XCTSkipIf(environment["TILLSIGHT_BENCH"] == nil, "a measurement, not a test")
        let times = try (0..<starts).map { _ in
            let child = Process()
            child.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
            child.arguments = ["TillsightTests.FfiBench/testOneScreen"]
            child.environment = environment.merging(["TILLSIGHT_FIRST_SCREEN": "1"]) { $1 }
            let output = Pipe()
            child.standardOutput = output
            child.standardError = FileHandle.nullDevice
            try child.run()
            let text = String(
                decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            child.waitUntilExit()
            let line = text.split(separator: "\n").first { $0.hasPrefix("first ") }
            return try XCTUnwrap(line.flatMap { UInt64($0.dropFirst(6).dropLast(3)) }, text)
        }
        let middle = times.sorted()[starts / 2] / 1_000
        print("ffi swift: first screen \(middle) us (median of \(starts) processes)")
    }

    private func place() -> Fix {
        Fix(
            latitude: 41.8959, longitude: 12.5036, accuracyM: 20,
            takenAtMs: Date().millisecondsSince1970, mocked: false)
    }

    /// The middle call: of the middle round, and of the best.
    private func median(_ call: () throws -> Int) rethrows -> String {
        var kept = 0
        for _ in 0..<5_000 { kept += try call() }
        var medians: [UInt64] = []
        for _ in 0..<rounds {
            var times: [UInt64] = []
            for _ in 0..<calls {
                let start = DispatchTime.now().uptimeNanoseconds
                kept += try call()
                times.append(DispatchTime.now().uptimeNanoseconds - start)
            }
            medians.append(times.sorted()[calls / 2])
        }
        XCTAssertNotEqual(kept, .min)
        medians.sort()
        return "\(medians[rounds / 2]) (best round \(medians[0]))"
    }
}
