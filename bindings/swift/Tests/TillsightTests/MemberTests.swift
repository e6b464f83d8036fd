import Foundation
import XCTest

@testable import Tillsight

/// A membership from its beginning to its end, against the servers that `cargo xtask swift` starts.
final class MemberTests: XCTestCase {
    private let password = "seven tin whistles"

    private func stranger() async throws -> Wallet {
        let environment = ProcessInfo.processInfo.environment
        let address = environment["TILLSIGHT_SERVER"] ?? ""
        try XCTSkipIf(address.isEmpty, "no server was started for the tests")
        return try await Wallet.open(
            WalletConfig(
                folder: phoneFolder(), serverUrl: address,
                rootKey: environment["TILLSIGHT_ROOT_KEY"] ?? "", language: "en"),
            keyStore: Reversed())
    }

    private func person(_ userId: String, password: String? = nil) -> JoinAsk {
        JoinAsk(
            userId: userId, password: password ?? self.password, settlementCode: "739158204617", name: "Anna Bianchi",
            address: "Via Merulana 1, 00185 Roma", phone: "+39 06 482917",
            email: "\(userId)@example.org")
    }

    private func member(_ userId: String) async throws -> Wallet {
        let wallet = try await stranger()
        let id = try await wallet.join(person(userId))
        try await wallet.confirmJoin(id: id, code: mailed(to: "\(userId)@example.org"))
        try await wallet.logIn(userId: userId, password: password)
        return wallet
    }

    /// The code that the servers mailed last to an address, once they did.
    private func mailed(to address: String) async throws -> String {
        struct Message: Decodable {
            let to: String
            let code: String?
        }
        let mailbox = try XCTUnwrap(ProcessInfo.processInfo.environment["TILLSIGHT_MESSAGES"])
        return try await within {
            while true {
                let lines = (try? String(contentsOfFile: mailbox, encoding: .utf8)) ?? ""
                // A line that is just being written is none yet.
                let messages = lines.split(separator: "\n").compactMap {
                    try? JSONDecoder().decode(Message.self, from: Data($0.utf8))
                }
                if let code = messages.last(where: { $0.to == address && $0.code != nil })?.code {
                    return code
                }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// Why a call was refused.
    private func refused(_ call: () async throws -> Void) async -> RequestProblem? {
        guard case .requestRefused(let problem, _) = await failure(call) else { return nil }
        return problem
    }

    func testAKeyOfTheKeyStoreIsSetByTheSettlementCodeAndAMalformedOneIsNot() async throws {
        let wallet = try await member("swift-emma")
        let code = person("swift-emma").settlementCode
        // The curve's base point (SEC 2, 2.4.2), which is some key's.
        let point = try XCTUnwrap(Data(base64Encoded:
            "BGsX0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivOM1drMV7Oy7ZAaDe/UfU="))
        let malformed = await refused { try await wallet.setApprovalKey(Data([4]), settlementCode: code) }
        XCTAssertEqual(malformed, .entryUnfit)
        let wrong = await refused { try await wallet.setApprovalKey(point, settlementCode: "000000") }
        XCTAssertEqual(wrong, .wrongSecret)
        try await wallet.setApprovalKey(point, settlementCode: code)
        let none = await failure { _ = try await wallet.approvalToSign(id: UUID().uuidString) }
        guard case .paymentRefused = none else { return XCTFail("\(String(describing: none))") }
        try await wallet.forgetApprovalKey()
    }

    func testAPersonJoinsLogsInAndIsOnTheAccountScreenWithThisPhone() async throws {
        let wallet = try await stranger()
        let before = try await wallet.account()
        XCTAssertEqual(before.server, .loggedOut)
        let weak = person("swift-anna", password: "password1")
        let outcome = await refused { _ = try await wallet.join(weak) }
        XCTAssertEqual(outcome, .weakPassword)
        let id = try await wallet.join(person("swift-anna"))
        let wrong = await refused { try await wallet.confirmJoin(id: id, code: "00000000") }
        XCTAssertEqual(wrong, .codeRefused)
        try await wallet.confirmJoin(id: id, code: mailed(to: "swift-anna@example.org"))
        try await wallet.logIn(userId: "swift-anna", password: password)
        let account = try await wallet.account()
        XCTAssertEqual(account.server, .live)
        XCTAssertEqual(account.userId, "swift-anna")
        XCTAssertEqual(account.profile?.name, "Anna Bianchi")
        XCTAssertEqual(account.devices.map { $0.isThis && $0.isLoggedIn }, [true])
    }

    func testTheProfileChangesWithThePasswordAndTheAddressWithACodeSentThere() async throws {
        let wallet = try await member("swift-berta")
        let moved = ProfileAsk(name: "Berta Verdi", address: "Via Cavour 9", phone: "+39 06 482918")
        let wrong = await refused { try await wallet.changeProfile(moved, password: "wrong") }
        XCTAssertEqual(wrong, .wrongSecret)
        let changed = try await wallet.changeProfile(moved, password: password)
        XCTAssertEqual(changed.profile?.name, "Berta Verdi")
        let id = try await wallet.requestEmail("berta@swift.example", password: password)
        let refusedCode = await refused { try await wallet.confirmEmail(id: id, code: "00000000") }
        XCTAssertEqual(refusedCode, .codeRefused)
        let code = try await mailed(to: "berta@swift.example")
        let account = try await wallet.confirmEmail(id: id, code: code)
        XCTAssertEqual(account.profile?.email, "berta@swift.example")
    }

    func testADeviceIsLoggedOutFromAnotherAndWhoLeavesIsForgotten() async throws {
        let (wallet, lost) = (try await member("swift-carla"), try await stranger())
        try await lost.logIn(userId: "swift-carla", password: password)
        let devices = try await wallet.account().devices
        let other = try XCTUnwrap(devices.first { !$0.isThis })
        let left = try await wallet.logOutDevice(id: other.id).devices
        XCTAssertFalse(left.contains { $0.id == other.id && $0.isLoggedIn }, "\(left)")
        let over = await failure { try await lost.refresh() }
        guard case .notLoggedIn = over else { return XCTFail("\(String(describing: over))") }
        let export = try await wallet.exportData()
        XCTAssertTrue(export.contains("Via Merulana 1"))
        try await wallet.leave(password: password)
        let after = try await wallet.account()
        XCTAssertEqual(after.server, .loggedOut)
        let gone = await failure {
            try await wallet.logIn(userId: "swift-carla", password: self.password)
        }
        guard case .loginRefused = gone else { return XCTFail("\(String(describing: gone))") }
    }

    func testAnAccountIsLinkedAtOneOfTheOperatorsAndMoneyComesFromIt() async throws {
        let wallet = try await member("swift-dora")
        let operators = try await wallet.operators()
        XCTAssertTrue(operators.contains("bank"), "\(operators)")
        try await wallet.register(scheme: "bancomat", linkCode: "bank:TRY-1845-BANK-2604")
        let methods = try await wallet.methods().methods
        let account = try XCTUnwrap(methods.first(where: \.canBeDepositSource))
        XCTAssertTrue(account.isDepositSource, "the only account is not what deposits come from")
        let ask = DepositAsk(
            id: UUID().uuidString.lowercased(), sourceId: account.id, amountMinor: 100,
            currency: try XCTUnwrap(account.balance).currency)
        let screens = wallet.depositScreens()
        try await wallet.deposit(ask)
        let ended = try await within {
            for await screen in screens {
                if let deposit = screen.deposits.first, deposit.state != .pending { return deposit }
            }
            throw NeverCame()
        }
        XCTAssertEqual(ended.state, .done, "\(ended)")
        let rich = await refused { try await wallet.leave(password: self.password) }
        XCTAssertEqual(rich, .walletNotEmpty)
    }
}
