import Foundation
import Tillsight
import XCTest

@testable import TillsightWords

/// What the forms do, against the servers that `cargo xtask swift` starts.
@MainActor
final class MembershipTests: XCTestCase {
    private let password = "seven tin whistles"

    private func stranger() async throws -> Wallet {
        let environment = ProcessInfo.processInfo.environment
        let address = environment["TILLSIGHT_SERVER"] ?? ""
        try XCTSkipIf(address.isEmpty, "no server was started for the tests")
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return try await Wallet.open(
            WalletConfig(
                folder: folder.path, serverUrl: address,
                rootKey: environment["TILLSIGHT_ROOT_KEY"] ?? "", language: "en"),
            keyStore: Open())
    }

    private func person(_ userId: String, password: String) -> JoinAsk {
        JoinAsk(
            userId: userId, password: password, settlementCode: "739158204617", name: "Anna Bianchi",
            address: "Via Merulana 1, 00185 Roma", phone: "+39 06 482917",
            email: "\(userId)@example.org")
    }

    /// The code that the servers mailed last to an address; they do it beside the answer.
    private func mailed(to address: String) async throws -> String {
        let mailbox = try XCTUnwrap(ProcessInfo.processInfo.environment["TILLSIGHT_MESSAGES"])
        for _ in 0..<1_000 {
            let lines = (try? String(contentsOfFile: mailbox, encoding: .utf8)) ?? ""
            for line in lines.split(separator: "\n").reversed() {
                let message = try? JSONDecoder().decode([String: String].self, from: Data(line.utf8))
                if message?["to"] == address, let code = message?["code"] { return code }
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw NoMail()
    }

    func testACodeThatWasMailedIsStillAskedForAfterTheAppWasClosedAndEndsInAMembership()
        async throws
    {
        let wallet = try await stranger()
        let ask = person("forms-anna", password: password)
        await Membership(wallet: wallet).join(ask)
        let member = Membership(wallet: wallet)
        XCTAssertEqual(member.awaited, .join)
        await member.confirmJoin(code: try await mailed(to: ask.email))
        XCTAssertNil(member.awaited)
        await member.logIn(userId: ask.userId, password: password)
        XCTAssertEqual(member.account?.server, .live)

        await member.openAccount()
        let none = try XCTUnwrap(member.limit)
        XCTAssertEqual([none.amountMinor, Int64(none.countADay)], [0, 0])
        let limit = UnlockLimit(amountMinor: 500, currency: none.currency, countADay: 2)
        await member.setUnlockLimit(limit, settlementCode: ask.settlementCode)
        XCTAssertEqual(member.limit, limit)

        try await wallet.prefetch(latitude: 41.9, longitude: 12.5)
        await member.openAccount()
        XCTAssertEqual(member.positionUses.map(\.kind), [.tiles])
        let told = FormWords(language: "en").used(try XCTUnwrap(member.positionUses.first))
        XCTAssert(told.hasPrefix("Stores of the map were fetched · within"), told)
        await member.clearPositionUses()
        XCTAssertEqual(member.positionUses, [])

        let moved = ProfileAsk(name: "Anna Verdi", address: "Via Cavour 9", phone: "+39 06 482918")
        await member.changeProfile(moved, password: password)
        XCTAssertEqual(member.account?.profile?.name, "Anna Verdi")
        await member.changeEmail("anna@forms.example", password: password)
        XCTAssertEqual(member.awaited, .email)
        await member.confirmEmail(code: try await mailed(to: "anna@forms.example"))
        XCTAssertEqual(member.account?.profile?.email, "anna@forms.example")
        await member.exportData()
        let export = try String(contentsOf: XCTUnwrap(member.export), encoding: .utf8)
        XCTAssertTrue(export.contains("Via Cavour 9"))

        await member.openMethods()
        XCTAssertTrue(member.operators.contains("cards"), "\(member.operators)")
        await member.link("visa", linkCode: "cards:TRY-5518-CARD-2604")
        let card = try XCTUnwrap(member.methods?.methods.last)
        await member.change(card.id, MethodAsk(blocked: true))
        XCTAssertEqual(member.methods?.methods.last?.isBlocked, true)
        await member.remove(card.id)
        XCTAssertEqual(member.methods?.methods.count, 1)
        await member.leave(password: password)
        XCTAssertEqual(member.account?.server, .loggedOut)
        XCTAssertNil(member.refused)
    }

    func testAPushIsAnsweredAlsoWhereNobodyIsLoggedInAndWithATokenPushesReachTheApp() async throws {
        let wallet = try await stranger()
        let pushes = Pushes(wallet: wallet)
        let isNew = await pushes.came()
        XCTAssertEqual([isNew, pushes.reach], [false, false])
        await pushes.token(Data([0x0f, 0xa0]))
        XCTAssertTrue(pushes.reach)
        try await wallet.logIn(userId: "hanako", password: "correct horse battery staple")
        let source = try XCTUnwrap(
            wallet.depositScreen.sources.first { $0.reason == nil && $0.balance?.currency == "EUR" })
        let ask = DepositAsk(
            id: UUID().uuidString.lowercased(), sourceId: source.id, amountMinor: 100, currency: "EUR")
        try await wallet.deposit(ask)
        while await !pushes.came() { await Task.yield() }
        XCTAssertTrue(wallet.depositScreen.deposits.contains { $0.id == ask.id })
    }

    func testARefusalIsToldBesideTheFormsUntilSomethingSucceeds() async throws {
        let member = Membership(wallet: try await stranger())
        await member.join(person("forms-berta", password: "password1"))
        guard case .requestRefused(.weakPassword, _) = member.refused else {
            return XCTFail("\(String(describing: member.refused))")
        }
        XCTAssertNil(member.awaited)
        await member.openMethods()
        XCTAssertNil(member.refused)
    }
}

/// Seals nothing: what is tested is what the forms do.
private struct Open: KeyStore {
    func seal(_ secret: Data) -> Data { secret }
    func open(_ sealed: Data) -> Data { sealed }
    func forget() {}
}

private struct NoMail: Error {}
