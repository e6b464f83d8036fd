// The code of docs/swift.md: every block there stands here, and here it compiles.
import Foundation
import Tillsight

let rootKey = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"

func openWallet(keyStore: any KeyStore) async throws -> Wallet {
    let files = FileManager.default
    let own = try files.url(
        for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil, create: true)
    let folder = own.appendingPathComponent("wallet")
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
    let config = WalletConfig(
        folder: folder.path,
        serverUrl: "https://wallet.example",
        rootKey: rootKey,
        language: Locale.current.language.languageCode?.identifier ?? "en")
    return try await Wallet.open(config, keyStore: keyStore)
}

func logIn(_ wallet: Wallet, userId: String, password: String) async throws -> String? {
    do {
        try await wallet.logIn(userId: userId, password: password)
        return nil
    } catch WalletError.loginRefused {
        return "User id and password do not belong together."
    } catch WalletError.serverAway {
        return "The wallet company cannot be reached. Your stores and balances are still here."
    }
}

/// Feeds the wallet until the task is cancelled.
func sense(_ wallet: Wallet, turnReceiver: (UInt32?) -> Void, listen: (BeaconMode, String) -> Void)
    async throws
{
    for await plan in try wallet.plans(.screen) {
        turnReceiver(plan.fixesEveryMs)
        listen(plan.beacons, plan.regionUuid)
    }
}

func draw(_ screen: SettlementScreen) -> [String] {
    var lines = [screen.store?.name ?? "No known store is near."]
    lines += screen.active.map { "\($0.name): \($0.balance?.formatted() ?? "?")" }
    lines += screen.likely.map { "\($0.name) probably works: \($0.chance.low / 10) %" }
    lines += screen.unsure.map { "\($0.name) may work" }
    lines += screen.inactive.map { "x \($0.name)" }
    lines += screen.suggestions.map { "\($0.schemeName): \($0.howToRegister)" }
    return lines + screen.attributions
}

func refresh(_ wallet: Wallet, askForLogIn: () -> Void) async throws {
    do {
        try await wallet.refresh()
    } catch let error as WalletError {
        if let delay = error.advice.retry.delay { try await Task.sleep(for: delay) }
        if error.advice.remedy == .logIn { askForLogIn() }
    }
}

/// The till shows a code for one payment: `code` is what was scanned, `typeCode` shows the payment and asks.
func payAtTheTill(
    _ wallet: Wallet, code: String, typeCode: (PaymentScreen) async -> String
) async throws -> String {
    do {
        guard let method = try await wallet.sense(text: code).active.first else {
            return "Nothing works here."
        }
        let ask = PaymentAsk(id: UUID().uuidString.lowercased(), methodId: method.id)
        var known = try await wallet.beginPayment(ask)
        if known.state == .toApprove {
            let settlementCode = await typeCode(known)
            known = try await wallet.approvePayment(id: known.id, settlementCode: settlementCode)
        }
        return "\(known.state), then \(known.nextStep)"
    } catch WalletError.paymentRefused(let problem, _) {
        return "Nothing was paid: \(problem)"
    }
}

/// The till scans this phone's code: `draw` shows each screen, `typeCode` asks the member to agree.
func payByCode(
    _ wallet: Wallet, method: String, draw: (PaymentScreen) -> Void,
    typeCode: (PaymentScreen) async -> String
) async throws -> String {
    do {
        let ask = PaymentAsk(id: UUID().uuidString.lowercased(), methodId: method)
        var known = try await wallet.showPaymentCode(ask)
        for await screen in wallet.paymentScreens() {
            guard let screen else { continue }
            draw(screen)
            known = screen
            if screen.state != .awaited && screen.state != .shown { break }
        }
        if known.state == .toApprove {
            let settlementCode = await typeCode(known)
            known = try await wallet.approvePayment(id: known.id, settlementCode: settlementCode)
        }
        return "\(known.state), then \(known.nextStep)"
    } catch WalletError.paymentRefused(let problem, _) {
        return "Nothing was paid: \(problem)"
    }
}

func deposit(_ wallet: Wallet, _ ask: DepositAsk) async throws -> String {
    let screens = wallet.depositScreens()
    do {
        try await wallet.deposit(ask)
    } catch WalletError.depositRefused(let problem, _) {
        return "Nothing was sent: \(problem)"
    }
    for await screen in screens {
        guard let row = screen.deposits.first(where: { $0.id == ask.id }) else { continue }
        switch row.state {
        case .pending: continue
        case .done: return "It is in your wallet."
        case .failed: return "Nothing was taken: \(String(describing: row.reason))"
        }
    }
    return "It is asked after when the wallet is opened again."
}

/// What `waitForCode` returns is what the person read in the mail; `id` must outlive the app until then.
func join(_ wallet: Wallet, _ ask: JoinAsk, waitForCode: () async -> String) async throws -> String {
    do {
        let id = try await wallet.join(ask)
        try await wallet.confirmJoin(id: id, code: waitForCode())
        try await wallet.logIn(userId: ask.userId, password: ask.password)
        return try await wallet.account().devices.map(\.system).joined(separator: ", ")
    } catch WalletError.requestRefused(let problem, _) {
        return "Please correct: \(problem)"
    }
}

/// Codes go to `email` from now on, once the person has typed the one that was sent there.
func moveMail(
    _ wallet: Wallet, to email: String, password: String, waitForCode: () async -> String
) async throws -> String {
    do {
        let id = try await wallet.requestEmail(email, password: password)
        let account = try await wallet.confirmEmail(id: id, code: waitForCode())
        return account.profile?.email ?? ""
    } catch WalletError.requestRefused(let problem, _) {
        return "Not changed: \(problem)"
    }
}

/// Deposits come from the first account or card from now on, which stands first in every list.
func prefer(_ wallet: Wallet) async throws -> MethodsScreen {
    let screen = try await wallet.methods()
    guard let source = screen.methods.first(where: \.canBeDepositSource) else { return screen }
    return try await wallet.changeMethod(id: source.id, MethodAsk(place: 0, depositSource: true))
}

/// Posts what the wallet says, until the task is cancelled.
func postNotices(_ wallet: Wallet, post: (Notice) async -> Void) async throws {
    for await notice in try wallet.notices(doorsADay: 3) { await post(notice) }
}

/// By the app's delegate: the token it got, and a push that came; true when anything was new.
func newPushToken(_ wallet: Wallet, _ deviceToken: Data) async throws {
    try await wallet.setPushToken(PushToken(apns: deviceToken))
}

func pushCame(_ wallet: Wallet) async throws -> Bool {
    do {
        return try await wallet.pushed()
    } catch WalletError.serverAway {
        return false
    }
}
