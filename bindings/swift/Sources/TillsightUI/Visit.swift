#if !os(macOS)
import CoreLocation
import Foundation
import Observation
import Tillsight
import TillsightWords
import UIKit

/// One wallet, what it senses while the app is visible, and what the person can do about a refusal.
@MainActor
@Observable
public final class Visit {
    public private(set) var wallet: Wallet?
    /// The pages of forms, once the wallet is open.
    public private(set) var membership: Membership?
    /// The payment page, once the wallet is open.
    public private(set) var paying: Paying?
    /// What wakes the app, once the wallet is open.
    public private(set) var pushes: Pushes?
    public private(set) var screen: SettlementScreen?
    /// What the person can do about the last refusal of something the person did.
    public private(set) var remedy: Remedy?
    @ObservationIgnored private let serverUrl: String
    @ObservationIgnored private let rootKey: String
    @ObservationIgnored private let app: String
    @ObservationIgnored private let manager = CLLocationManager()
    @ObservationIgnored private var opening: Task<Wallet, any Error>?
    @ObservationIgnored private var sensing: Task<Void, Never>?
    @ObservationIgnored private var posting: Task<Void, Never>?

    /// - Parameters:
    ///   - rootKey: of the company, as `WalletConfig` says.
    ///   - app: how the member's list of devices names this app.
    public init(serverUrl: String, rootKey: String, app: String) {
        (self.serverUrl, self.rootKey, self.app) = (serverUrl, rootKey, app)
    }

    /// Opens the wallet, and senses until the task is cancelled. The one before ends first, so that its
    /// closing of the screen never comes after this one's opening.
    public func sense() async {
        let before = sensing
        let now = Task {
            await before?.value
            if !Task.isCancelled { await senseNow() }
        }
        sensing = now
        await withTaskCancellationHandler {
            await now.value
        } onCancel: {
            now.cancel()
        }
    }

    private func senseNow() async {
        guard let wallet = await open() else { return }
        manager.requestWhenInUseAuthorization()
        _ = try? await wallet.ask(Self.asked(nil, nil))
        _ = try? await wallet.screenOpened()
        Task { await pushes?.came() }
        let sensing = Sensing(wallet)
        let shown = Task { for await screen in wallet.screens() { show(screen) } }
        // Ends when the app leaves the screen, and throws when the phone has no thread left.
        try? await sensing.run()
        shown.cancel()
        // A cancelled task's calls do nothing, and this one must be made.
        await Task { try? await wallet.screenClosed() }.value
    }

    public func logIn(userId: String, password: String) async {
        await tell { try await $0.logIn(userId: userId, password: password) }
    }

    public func choose(_ store: String) async { await tell { _ = try await $0.choose(storeId: store) } }

    public func deny(_ store: String) async { await tell { _ = try await $0.deny(storeId: store) } }

    public func report(_ store: String, _ method: String, _ kind: ReportKind) async {
        await tell { _ = try await $0.report(storeId: store, methodId: method, kind) }
    }

    public func register(_ scheme: String, linkCode: String) async {
        await tell { _ = try await $0.register(scheme: scheme, linkCode: linkCode) }
    }

    /// So much is to be paid by the store's own code, which names no amount.
    public func type(_ amountMinor: Int64, _ currency: String) async {
        await tell { _ = try await $0.ask(Self.asked(amountMinor, currency)) }
    }

    /// Begins to pay; an amount that was typed is not for the next payment.
    public func pay(_ method: String) async {
        guard let paying, await paying.begin(method) else { return }
        await tell { _ = try await $0.ask(Self.asked(nil, nil)) }
    }

    /// Who woke the app is answered once the wallet is open.
    public func awakened() async -> Pushes? {
        _ = await open()
        return pushes
    }

    /// iOS lets an app read tags, but not pay contactless: the screen says so of methods that need it.
    private static func asked(_ amountMinor: Int64?, _ currency: String?) -> MemberAsk {
        MemberAsk(amountMinor: amountMinor, currency: currency, choice: .all, phoneHasNfc: false)
    }

    public func refresh() async { await tell { _ = try await $0.refresh() } }

    /// What a picture led to; a code that is refused is something the person did.
    func seen(_ outcome: Result<PlaneReading, any Error>) {
        switch outcome {
        case .failure(let error as WalletError): remedy = error.advice.remedy
        case .success(let reading) where reading.screen != nil: remedy = nil
        default: break
        }
    }

    private func show(_ screen: SettlementScreen) { self.screen = screen }

    /// The wallet; one that did not open is tried again. Opened apart from the caller's task, which
    /// may be cancelled while it opens, and another begin.
    private func open() async -> Wallet? {
        let opening = opening ?? Task { try await opened() }
        self.opening = opening
        do {
            let opened = try await opening.value
            if membership == nil { membership = Membership(wallet: opened) }
            if paying == nil { paying = Paying(wallet: opened) }
            if pushes == nil { pushes = Pushes(wallet: opened) }
            wallet = opened
            if posting == nil { posting = Self.post(opened) }
        } catch {
            self.opening = nil
            remedy = (error as? WalletError)?.advice.remedy ?? .freeStorage
        }
        return wallet
    }

    /// Posts what the wallet says, as long as it is open.
    private static func post(_ wallet: Wallet) -> Task<Void, Never> {
        Task {
            let poster = NoticePoster { notice in
                let words = NoticeWords(locale: .current)
                return (words.title(notice), words.text(notice))
            }
            guard await poster.ask(), let notices = try? wallet.notices() else { return }
            for await notice in notices { await poster.post(notice) }
        }
    }

    private func opened() async throws -> Wallet {
        let files = FileManager.default
        let own = try files.url(
            for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil, create: true)
        let folder = own.appendingPathComponent("wallet")
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        let language = Locale.current.language.languageCode?.identifier ?? "en"
        return try await Wallet.open(
            WalletConfig(
                folder: folder.path, serverUrl: serverUrl, rootKey: rootKey, language: language,
                deviceName: UIDevice.current.name, app: app),
            keyStore: KeychainKeyStore())
    }

    private func tell(_ call: (Wallet) async throws -> Void) async {
        guard let wallet else { return }
        do {
            try await call(wallet)
            remedy = nil
        } catch let error as WalletError {
            remedy = error.advice.remedy
        } catch {
            // Cancelled: the person left.
        }
    }
}
#endif
