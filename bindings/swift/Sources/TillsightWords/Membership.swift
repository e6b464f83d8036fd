import Foundation
import Observation
import Tillsight

/// What a code that was sent is for.
public enum CodeFor: String, CaseIterable, Sendable {
    case join, reset, email
}

/// What the member does on the pages of forms, and what came of it.
@MainActor
@Observable
public final class Membership {
    public private(set) var deposits: DepositScreen?
    public private(set) var account: AccountScreen?
    public private(set) var methods: MethodsScreen?
    /// Up to how much an unlocked phone pays without asking; `nil` while that is not known.
    public private(set) var limit: UnlockLimit?
    /// What told somebody where this phone is, the newest first.
    public private(set) var positionUses: [PositionUse] = []
    /// The companies whose accounts and cards can be linked.
    public private(set) var operators: [String] = []
    public private(set) var history: [HistoryRow] = []
    /// Asks for the next page of the history; `nil` on the last.
    public private(set) var after: String?
    /// Why the last thing the person did came to nothing.
    public private(set) var refused: WalletError?
    /// What the code is for that is waited for.
    public private(set) var awaited: CodeFor?
    /// The member's data, as a file to share.
    public private(set) var export: URL?
    @ObservationIgnored private let wallet: Wallet
    /// What a code that was asked for is known by; kept, since the person leaves the app to read it.
    @ObservationIgnored private let kept = UserDefaults.standard

    public init(wallet: Wallet) {
        self.wallet = wallet
        deposits = wallet.depositScreen
        awaited = CodeFor.allCases.first { kept.string(forKey: $0.rawValue) != nil }
    }

    /// Shows what becomes of deposits, until the task is cancelled.
    public func followDeposits() async {
        for await screen in wallet.depositScreens() { deposits = screen }
    }

    public func openHistory() async {
        await tell {
            let page = try await wallet.history()
            (history, after) = (page.rows, page.after)
        }
    }

    public func moreHistory() async {
        await tell {
            let page = try await wallet.history(after: after)
            history += page.rows
            after = page.after
        }
    }

    public func openMethods() async {
        await tell {
            methods = try await wallet.methods()
            operators = try await wallet.operators()
        }
    }

    public func openAccount() async {
        await tell {
            let account = try await wallet.account()
            self.account = account
            positionUses = try await wallet.positionUses()
            limit = account.server == .live ? try await wallet.unlockLimit() : nil
        }
    }

    public func clearPositionUses() async {
        await tell {
            try await wallet.clearPositionUses()
            positionUses = try await wallet.positionUses()
        }
    }

    public func setUnlockLimit(_ limit: UnlockLimit, settlementCode: String) async {
        await tell {
            try await wallet.setUnlockLimit(limit, settlementCode: settlementCode)
            self.limit = try await wallet.unlockLimit()
        }
    }

    /// Lets a new device pay at once.
    public func agree(to device: String, settlementCode: String) async {
        await tell { try await wallet.agreeToDevice(device, settlementCode: settlementCode) }
    }

    public func deposit(_ ask: DepositAsk) async { await tell { _ = try await wallet.deposit(ask) } }

    public func change(_ method: String, _ ask: MethodAsk) async {
        await tell { methods = try await wallet.changeMethod(id: method, ask) }
    }

    public func remove(_ method: String) async {
        await tell { methods = try await wallet.removeMethod(id: method) }
    }

    public func link(_ scheme: String, linkCode: String) async {
        await tell {
            _ = try await wallet.register(scheme: scheme, linkCode: linkCode)
            methods = try await wallet.methods()
        }
    }

    public func logIn(userId: String, password: String) async {
        await tell {
            try await wallet.logIn(userId: userId, password: password)
            wait(for: nil)
            account = try await wallet.account()
        }
    }

    public func join(_ ask: JoinAsk) async {
        await tell { wait(for: .join, id: try await wallet.join(ask)) }
    }

    public func confirmJoin(code: String) async {
        await tell {
            try await wallet.confirmJoin(id: id(of: .join), code: code)
            wait(for: nil)
        }
    }

    public func forgotPassword(userId: String) async {
        await tell {
            wait(for: .reset, id: try await wallet.requestReset(userId: userId, .password))
        }
    }

    public func resetPassword(code: String, new: String) async {
        await tell {
            try await wallet.reset(id: id(of: .reset), code: code, new: new)
            wait(for: nil)
        }
    }

    public func logOut() async {
        await tell {
            try await wallet.logOut()
            account = try await wallet.account()
        }
    }

    public func logOut(device: String) async {
        await tell { account = try await wallet.logOutDevice(id: device) }
    }

    public func changeProfile(_ ask: ProfileAsk, password: String) async {
        await tell { account = try await wallet.changeProfile(ask, password: password) }
    }

    public func changeEmail(_ email: String, password: String) async {
        await tell { wait(for: .email, id: try await wallet.requestEmail(email, password: password)) }
    }

    public func confirmEmail(code: String) async {
        await tell {
            account = try await wallet.confirmEmail(id: id(of: .email), code: code)
            wait(for: nil)
        }
    }

    public func changeSecret(_ kind: SecretKind, present: String, new: String) async {
        await tell { try await wallet.changeSecret(kind, present: present, new: new) }
    }

    public func exportData() async {
        await tell {
            let data = try await wallet.exportData()
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("my-data.json")
            #if canImport(Darwin)
                try Data(data.utf8).write(to: file, options: .completeFileProtection)
            #else
                try Data(data.utf8).write(to: file)
            #endif
            export = file
        }
    }

    public func leave(password: String) async {
        await tell {
            try await wallet.leave(password: password)
            account = try await wallet.account()
        }
    }

    private func wait(for what: CodeFor?, id: String = "") {
        for one in CodeFor.allCases { kept.removeObject(forKey: one.rawValue) }
        if let what { kept.set(id, forKey: what.rawValue) }
        awaited = what
    }

    private func id(of what: CodeFor) -> String { kept.string(forKey: what.rawValue) ?? "" }

    private func tell(_ call: () async throws -> Void) async {
        do {
            try await call()
            refused = nil
        } catch let error as WalletError {
            refused = error
        } catch {
            // Cancelled: the person left. Or no room for the file, which the system says itself.
        }
    }
}
