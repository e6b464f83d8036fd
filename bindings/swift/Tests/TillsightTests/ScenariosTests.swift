import Foundation
import XCTest

@testable import Tillsight

/// The scenarios of `tests/scenarios`, as `tests/scenarios.rs` plays them: byte-identical screens.
final class ScenariosTests: XCTestCase {
    private typealias Object = [String: Any]

    func testEveryScenarioComesToItsScreens() async throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../../tests/scenarios").standardizedFileURL
        let files = try FileManager.default
            .contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }
        XCTAssertGreaterThanOrEqual(files.count, 3)
        for file in files {
            let read = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
            let kept = try String(
                contentsOf: file.deletingPathExtension().appendingPathExtension("screens"),
                encoding: .utf8)
            let lines = try await play(XCTUnwrap(read as? Object))
            XCTAssertEqual(lines, kept, file.lastPathComponent)
        }
    }

    /// One line for each step.
    private func play(_ scenario: Object) async throws -> String {
        let folder = try phoneFolder()
        let language = try XCTUnwrap(scenario["language"] as? String)
        let rootKey = try XCTUnwrap(scenario["root_key"] as? String)
        let now = Date(timeIntervalSince1970: try number(scenario, "now_ms").doubleValue / 1000)
        let place = try XCTUnwrap(scenario["place"] as? Object)
        let canned = try Canned(XCTUnwrap(scenario["answers"] as? Object))
        let online = try await Wallet.open(
            WalletConfig(
                folder: folder, serverUrl: Canned.address, rootKey: rootKey, language: language),
            keyStore: Reversed(), clock: { now }, transport: canned)
        try await online.logIn(userId: "member", password: "password")
        try await online.prefetch(
            latitude: number(place, "latitude").doubleValue,
            longitude: number(place, "longitude").doubleValue)
        // Mostly without a server from here on: nothing that arrives later can change a screen.
        let isOnline = scenario["online"] as? Bool ?? false
        let wallet = try await Wallet.open(
            WalletConfig(
                folder: folder, serverUrl: isOnline ? Canned.address : "", rootKey: rootKey,
                language: language),
            keyStore: Reversed(), clock: { now }, transport: isOnline ? canned : nil)
        var lines = ""
        for step in try XCTUnwrap(scenario["steps"] as? [Object]) {
            let (kind, what) = try XCTUnwrap(step.first)
            do {
                lines += try await json(wallet, kind, what) + "\n"
            } catch let error as WalletError {
                lines += error.advice.reference + "\n"
            }
        }
        return lines
    }

    /// Takes one step: the screen it comes to, as JSON.
    private func json(_ wallet: Wallet, _ kind: String, _ what: Any) async throws -> String {
        let object = what as? Object ?? [:]
        switch kind {
        case "deposits": return try await wallet.deposits().json()
        case "deposit":
            let ask = try DepositAsk(
                id: XCTUnwrap(object["id"] as? String),
                sourceId: XCTUnwrap(object["source_id"] as? String),
                amountMinor: number(object, "amount_minor").int64Value,
                currency: XCTUnwrap(object["currency"] as? String))
            return try await wallet.deposit(ask).json()
        case "scan":
            try await wallet.sense(text: XCTUnwrap(what as? String))
            return "done"
        case "payment": return try await wallet.payment()?.json() ?? "null"
        case "begin_payment":
            let ask = try PaymentAsk(id: text(object, "id"), methodId: text(object, "method_id"))
            return try await wallet.beginPayment(ask).json()
        case "show_payment_code":
            let ask = try PaymentAsk(id: text(object, "id"), methodId: text(object, "method_id"))
            return try await wallet.showPaymentCode(ask).json()
        case "await_payment":
            // What the server is asked meanwhile comes by itself.
            let state = try "\"state\":\"\(XCTUnwrap(what as? String))\""
            for await screen in wallet.paymentScreens() {
                if let json = screen?.json(), json.contains(state) { return json }
            }
            throw CancellationError()
        case "approve_payment":
            return try await wallet.approvePayment(
                id: text(object, "id"), settlementCode: text(object, "settlement_code")
            ).json()
        case "cancel_payment":
            return try await wallet.cancelPayment(id: XCTUnwrap(what as? String)).json()
        case "history": return try await wallet.history(after: what as? String).json()
        case "methods": return try await wallet.methods().json()
        case "change_method":
            let ask = MethodAsk(
                name: object["name"] as? String, blocked: object["blocked"] as? Bool,
                place: (object["place"] as? NSNumber)?.uint32Value,
                depositSource: object["deposit_source"] as? Bool)
            return try await wallet.changeMethod(id: text(object, "id"), ask).json()
        case "remove_method":
            return try await wallet.removeMethod(id: XCTUnwrap(what as? String)).json()
        case "account": return try await wallet.account().json()
        case "log_out_device":
            return try await wallet.logOutDevice(id: XCTUnwrap(what as? String)).json()
        case "change_profile":
            let ask = try ProfileAsk(
                name: text(object, "name"), address: text(object, "address"),
                phone: text(object, "phone"))
            return try await wallet.changeProfile(ask, password: text(object, "password")).json()
        case "request_email":
            return try await wallet.requestEmail(
                text(object, "email"), password: text(object, "password"))
        case "confirm_email":
            return try await wallet.confirmEmail(id: text(object, "id"), code: text(object, "code"))
                .json()
        case "operators": return try await wallet.operators().joined(separator: " ")
        case "join":
            return try await wallet.join(
                JoinAsk(
                    userId: text(object, "user_id"), password: text(object, "password"),
                    settlementCode: text(object, "settlement_code"), name: text(object, "name"),
                    address: text(object, "address"), phone: text(object, "phone"),
                    email: text(object, "email")))
        case "confirm_join":
            try await wallet.confirmJoin(id: text(object, "id"), code: text(object, "code"))
            return "done"
        default: return try await take(wallet, kind, what).json()
        }
    }

    private func take(_ wallet: Wallet, _ kind: String, _ what: Any) async throws
        -> SettlementScreen
    {
        let object = what as? Object ?? [:]
        switch kind {
        case "screen": return wallet.screen
        case "fix":
            return try await wallet.sense(
                Fix(
                    latitude: number(object, "latitude").doubleValue,
                    longitude: number(object, "longitude").doubleValue,
                    accuracyM: number(object, "accuracy_m").doubleValue,
                    takenAtMs: number(object, "taken_at_ms").int64Value,
                    mocked: number(object, "mocked").boolValue))
        case "beacon":
            let hex = Array(try XCTUnwrap(object["hex"] as? String))
            let bytes = try stride(from: 0, to: hex.count, by: 2).map {
                try XCTUnwrap(UInt8(String(hex[$0..<$0 + 2]), radix: 16))
            }
            return try await wallet.sense(
                .manufacturerData(
                    company: number(object, "company").uint16Value, bytes: Data(bytes),
                    rssiDbm: number(object, "rssi_dbm").int16Value,
                    heardAtMs: number(object, "heard_at_ms").int64Value))
        case "text": return try await wallet.sense(text: XCTUnwrap(what as? String))
        case "tag": return try await wallet.sense(tag: XCTUnwrap(what as? String))
        case "wifi":
            let heard = try XCTUnwrap(object["heard"] as? [Object]).map {
                try AccessPoint(
                    bssid: XCTUnwrap($0["bssid"] as? String),
                    rssiDbm: number($0, "rssi_dbm").int16Value)
            }
            return try await wallet.sense(
                WifiReport(
                    joined: object["joined"] as? String, heard: heard,
                    heardAtMs: number(object, "heard_at_ms").int64Value))
        case "choose": return try await wallet.choose(storeId: XCTUnwrap(what as? String))
        case "deny": return try await wallet.deny(storeId: XCTUnwrap(what as? String))
        case "ask":
            let choices: [String: ChoiceKind] = [
                "all": .all, "most_used": .mostUsed, "largest_balance": .largestBalance,
            ]
            return try await wallet.ask(
                MemberAsk(
                    amountMinor: (object["amount_minor"] as? NSNumber)?.int64Value,
                    currency: object["currency"] as? String,
                    choice: XCTUnwrap(choices[object["choice"] as? String ?? ""]),
                    phoneHasNfc: number(object, "phone_has_nfc").boolValue))
        default: preconditionFailure("no such step: \(kind)")
        }
    }

    private func text(_ object: Object, _ key: String) throws -> String {
        try XCTUnwrap(object[key] as? String, key)
    }

    private func number(_ object: Object, _ key: String) throws -> NSNumber {
        try XCTUnwrap(object[key] as? NSNumber, key)
    }
}

/// The scenario's wallet server: its answers by method and path, byte for byte.
private final class Canned: HttpTransport {
    static let address = "https://server.test"
    private let answers: [String: HttpReply]

    init(_ answers: [String: Any]) throws {
        self.answers = try answers.mapValues { answer in
            let answer = try XCTUnwrap(answer as? [String: String])
            let field = answer["signature"].map { HttpHeader(name: "Tillsight-Signature", value: $0) }
            let status = answer["status"].flatMap(UInt16.init) ?? 200
            let problem = HttpHeader(name: "Content-Type", value: "application/problem+json")
            let headers = [field, status >= 400 ? problem : nil].compactMap(\.self)
            let body = try XCTUnwrap(answer["body"])
            return HttpReply(status: status, headers: headers, body: Data(body.utf8))
        }
    }

    func send(_ request: HttpRequest) -> HttpReply {
        let path = request.url.dropFirst(Self.address.count)
        return answers["\(request.method) \(path)"]
            ?? HttpReply(status: 404, headers: [], body: Data())
    }
}
