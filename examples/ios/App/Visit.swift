import CoreLocation
import CoreNFC
import Foundation
import Observation
import Tillsight

/// One wallet, what it senses while the app is visible, and what the person can do about a refusal.
@MainActor
@Observable
final class Visit {
    private(set) var wallet: Wallet?
    private(set) var screen: SettlementScreen?
    /// What the person can do about the last refusal of something the person did.
    private(set) var remedy: Remedy?
    @ObservationIgnored private let manager = CLLocationManager()

    /// Opens the wallet, and senses until the task is cancelled.
    func sense() async {
        guard let wallet = await open() else { return }
        manager.requestWhenInUseAuthorization()
        _ = try? await wallet.ask(
            MemberAsk(
                amountMinor: nil, currency: nil, choice: .all,
                phoneHasNfc: NfcSource.state == .ready))
        _ = try? await wallet.screenOpened()
        let sensing = Sensing(wallet)
        let shown = Task { for await screen in wallet.screens() { show(screen) } }
        // Ends when the app leaves the screen, and throws when the phone has no thread left.
        try? await sensing.run()
        shown.cancel()
        // A cancelled task's calls do nothing, and this one must be made.
        await Task { try? await wallet.screenClosed() }.value
    }

    func logIn(userId: String, password: String) async {
        await tell { try await $0.logIn(userId: userId, password: password) }
    }

    func choose(_ store: String) async { await tell { _ = try await $0.choose(storeId: store) } }

    func register(_ scheme: String, linkCode: String) async {
        await tell { _ = try await $0.register(scheme: scheme, linkCode: linkCode) }
    }

    func refresh() async { await tell { _ = try await $0.refresh() } }

    /// What a picture led to; a code that is refused is something the person did.
    func seen(_ outcome: Result<PlaneReading, any Error>) {
        switch outcome {
        case .failure(let error as WalletError): remedy = error.advice.remedy
        case .success(let reading) where reading.screen != nil: remedy = nil
        default: break
        }
    }

    private func show(_ screen: SettlementScreen) { self.screen = screen }

    private func open() async -> Wallet? {
        if let wallet { return wallet }
        do {
            let files = FileManager.default
            let own = try files.url(
                for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil, create: true)
            let folder = own.appendingPathComponent("wallet")
            try files.createDirectory(at: folder, withIntermediateDirectories: true)
            let server = Bundle.main.object(forInfoDictionaryKey: "WalletServer") as? String ?? ""
            let language = Locale.current.language.languageCode?.identifier ?? "en"
            wallet = try await Wallet.open(
                WalletConfig(folder: folder.path, serverUrl: server, language: language),
                keyStore: KeychainKeyStore())
        } catch let error as WalletError {
            remedy = error.advice.remedy
        } catch {
            remedy = .freeStorage
        }
        return wallet
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
