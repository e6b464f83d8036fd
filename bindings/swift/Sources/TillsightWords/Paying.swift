import Foundation
import Observation
import Tillsight

/// What the member pays, and what came of it.
@MainActor
@Observable
public final class Paying {
    public private(set) var screen: PaymentScreen?
    /// Why the last thing the person did came to nothing.
    public private(set) var refused: WalletError?
    /// The receipt that was asked for last.
    public private(set) var receipt: ReceiptFiles?
    @ObservationIgnored private let wallet: Wallet

    public init(wallet: Wallet) {
        self.wallet = wallet
        screen = wallet.paymentScreen
    }

    /// Whether nothing is being paid, so that something else can be.
    public var isFree: Bool {
        guard let state = screen?.state else { return true }
        return [.done, .declined, .expired, .cancelled].contains(state)
    }

    /// Shows what becomes of the payment, until the task is cancelled.
    public func follow() async {
        for await screen in wallet.paymentScreens() { self.screen = screen }
    }

    /// A tap on a method; of one code the wallet makes one payment, however often it is tapped. Whether it is
    /// written down.
    public func begin(_ method: String) async -> Bool {
        let ask = PaymentAsk(id: UUID().uuidString.lowercased(), methodId: method)
        return await tell { try await wallet.beginPayment(ask) }
    }

    /// A code for the till to scan; also a new one after the last is over.
    public func show(_ method: String) async {
        let ask = PaymentAsk(id: UUID().uuidString.lowercased(), methodId: method)
        await tell { try await wallet.showPaymentCode(ask) }
    }

    public func approve(_ id: String, settlementCode: String) async {
        await tell { try await wallet.approvePayment(id: id, settlementCode: settlementCode) }
    }

    public func cancel(_ id: String) async { await tell { try await wallet.cancelPayment(id: id) } }

    /// Fetches the receipt of what is paid.
    public func keepReceipt(_ id: String) async {
        do {
            receipt = try await wallet.receipt(id: id)
            refused = nil
        } catch let error as WalletError {
            refused = error
        } catch {
            // Cancelled: the person left.
        }
    }

    /// Whether it came to a screen.
    @discardableResult
    private func tell(_ call: () async throws -> PaymentScreen) async -> Bool {
        do {
            screen = try await call()
            refused = nil
            return true
        } catch let error as WalletError {
            refused = error
        } catch {
            // Cancelled: the person left.
        }
        return false
    }
}
