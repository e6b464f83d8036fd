import Foundation
import TillsightCore

extension Wallet {
    /// The screen of the member's newest payment; `nil` while this phone has none.
    public var paymentScreen: PaymentScreen? { newest.payment.newest }

    /// The screen of the member's newest payment, and every newer one: what a call returned, and what
    /// became of the payment; `nil` while this phone has none. After the app was killed it tells how the
    /// payment ended. Otherwise as ``screens()``.
    public func paymentScreens() -> AsyncStream<PaymentScreen?> { newest.payment.stream() }

    /// The payment screen drawn anew; `nil` while this phone has no payment.
    ///
    /// - Throws: ``WalletError/storageUnusable(_:)`` when what was begun cannot be read.
    @discardableResult
    public func payment() async throws -> PaymentScreen? {
        let screen = try await call { try $0.payment() }
        newest.payment.show(screen)
        return screen
    }

    /// Begins to pay what the payment code scanned last asks for, with an active method of the
    /// settlement screen. Nothing is paid until the member agrees
    /// (``approvePayment(id:settlementCode:)``) to what the screen then shows: payee and amount in the
    /// server's words. Make the id of `ask` when the code is shown (`UUID().uuidString.lowercased()`).
    /// The same id again, and the same code while it is being paid or once it is, give the payment there
    /// is. Waits for the server, a few seconds at most; while it has not answered the state is
    /// `awaited`, and ``paymentScreens()`` tells more.
    ///
    /// - Throws: ``WalletError/paymentRefused(_:_:)``, ``WalletError/notLoggedIn(_:)``,
    ///   ``WalletError/storageUnusable(_:)``; nothing is sent then.
    @discardableResult
    public func beginPayment(_ ask: PaymentAsk) async throws -> PaymentScreen {
        try await shown { try $0.beginPayment(ask: ask) }
    }

    /// Begins a payment by a code that this phone shows to a till, with a registered method that pays so.
    /// Draw ``ShownCode/rows`` of the screen's `code`, turn the brightness up while `bright` is true, and
    /// count down to `untilMs`. Once a till has charged the code, ``paymentScreens()`` tells payee and
    /// amount, and the member agrees (``approvePayment(id:settlementCode:)``). Make the id of `ask` when
    /// the page opens (`UUID().uuidString.lowercased()`). The same id again, and a second tap for the same
    /// method, give the payment there is; a code whose time is over (`expired`) is renewed by a new id.
    /// Waits for the server, a few seconds at most.
    ///
    /// - Throws: ``WalletError/paymentRefused(_:_:)``, ``WalletError/notLoggedIn(_:)``,
    ///   ``WalletError/storageUnusable(_:)``; nothing is sent then.
    @discardableResult
    public func showPaymentCode(_ ask: PaymentAsk) async throws -> PaymentScreen {
        try await shown { try $0.showPaymentCode(ask: ask) }
    }

    /// The member agrees to the payee, the amount and the method as the screen shows them, by the
    /// settlement code, which is not kept. A second call for the same payment sends nothing. Where the
    /// answer is lost the state is `unknown`, and ``paymentScreens()`` tells what became of it: the code
    /// is not sent again by itself.
    ///
    /// - Throws: ``WalletError/paymentRefused(_:_:)``, ``WalletError/notLoggedIn(_:)``; nothing was paid.
    @discardableResult
    public func approvePayment(id: String, settlementCode: String) async throws -> PaymentScreen {
        try await shown { try $0.approvePayment(id: id, settlementCode: settlementCode) }
    }

    /// Has this device agree to payments by a P-256 key of the Secure Enclave from now on, confirmed by the
    /// settlement code. `publicKey` is its external representation, as `SecKeyCopyExternalRepresentation`
    /// gives it. Make the key with an access control that needs the person for each signature.
    ///
    /// - Throws: ``WalletError/requestRefused(_:_:)``, ``WalletError/notLoggedIn(_:)``,
    ///   ``WalletError/serverAway(_:_:)``; nothing was changed.
    public func setApprovalKey(_ publicKey: Data, settlementCode: String) async throws {
        try await call { try $0.setApprovalKey(publicKey: publicKey, settlementCode: settlementCode) }
    }

    /// Has this device agree by the settlement code alone again.
    ///
    /// - Throws: As ``setApprovalKey(_:settlementCode:)``.
    public func forgetApprovalKey() async throws {
        try await call { try $0.forgetApprovalKey() }
    }

    /// Up to how much an unlocked phone is the member's agreement, on `code` and `contactless`: nothing at first.
    ///
    /// - Throws: ``WalletError/notLoggedIn(_:)``, ``WalletError/serverAway(_:_:)``.
    public func unlockLimit() async throws -> UnlockLimit { try await call { try $0.unlockLimit() } }

    /// Sets it, confirmed by the settlement code. Show a code only once the person has unlocked the phone.
    ///
    /// - Throws: ``WalletError/requestRefused(_:_:)``, ``WalletError/notLoggedIn(_:)``,
    ///   ``WalletError/serverAway(_:_:)``: nothing was changed.
    public func setUnlockLimit(_ limit: UnlockLimit, settlementCode: String) async throws {
        try await call { try $0.setUnlockLimit(limit: limit, settlementCode: settlementCode) }
    }

    /// Lets a new device of the account screen pay, which otherwise waits for a day (`deviceTooNew`).
    ///
    /// - Throws: as ``setUnlockLimit(_:settlementCode:)``.
    public func agreeToDevice(_ id: String, settlementCode: String) async throws {
        try await call { try $0.agreeToDevice(id: id, settlementCode: settlementCode) }
    }

    /// What the device's key signs (`ecdsaSignatureMessageX962SHA256`) to agree to the payment of this id as
    /// its screen shows it, good for two minutes; `nil` while there is nothing to agree to.
    ///
    /// - Throws: ``WalletError/paymentRefused(_:_:)`` when this phone has no such payment.
    public func approvalToSign(id: String) async throws -> ApprovalToSign? {
        try await call { try $0.approvalToSign(id: id) }
    }

    /// As ``approvePayment(id:settlementCode:)``, proven by the signature of the device's key over what
    /// ``approvalToSign(id:)`` gave for `atMs`.
    ///
    /// - Throws: ``WalletError/paymentRefused(_:_:)`` with `keyRefused`: agree by the settlement code;
    ///   ``WalletError/notLoggedIn(_:)``. Nothing was paid.
    @discardableResult
    public func approvePayment(id: String, atMs: Int64, signature: Data) async throws -> PaymentScreen {
        let approval = ApprovalSignature(atMs: atMs, signature: signature)
        return try await shown { try $0.approvePaymentSigned(id: id, approval: approval) }
    }

    /// The receipt of a payment by its id: signed by the wallet company and proven on this phone, with what was given
    /// back so far. Keep it, or hand it on: `json` is what was signed, `page` is HTML to print. Neither needs a server.
    ///
    /// - Throws: ``WalletError/requestRefused(_:_:)`` with `notPaid`, or where there is no such payment;
    ///   ``WalletError/serverAway(_:_:)`` when the server did not answer, or what it answered proves nothing.
    public func receipt(id: String) async throws -> ReceiptFiles {
        try await call { try $0.receipt(id: id) }
    }

    /// Gives a payment up that the member has not agreed to.
    ///
    /// - Throws: ``WalletError/paymentRefused(_:_:)`` when the member has agreed: the cashier can give the
    ///   money back.
    @discardableResult
    public func cancelPayment(id: String) async throws -> PaymentScreen {
        try await shown { try $0.cancelPayment(id: id) }
    }

    private func shown(
        _ call: @escaping @Sendable (TillsightCore.Wallet) throws -> PaymentScreen
    ) async throws -> PaymentScreen {
        let screen = try await self.call(call)
        newest.payment.show(screen)
        return screen
    }
}
