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
