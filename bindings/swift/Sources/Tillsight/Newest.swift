import TillsightCore

/// The newest screens: what calls return, and what the core tells from its own thread.
final class Newest: TillsightCore.ScreenListener {
    let screen: Shown<SettlementScreen>
    let deposits: Shown<DepositScreen>
    let payment: Shown<PaymentScreen?>

    init(_ core: TillsightCore.Wallet) throws {
        screen = Shown(core.screen())
        deposits = Shown(try core.deposits())
        payment = Shown(try core.payment())
    }

    func finish() {
        screen.finish()
        deposits.finish()
        payment.finish()
    }

    func onScreen(screen: SettlementScreen) { self.screen.show(screen) }

    func onDeposits(screen: DepositScreen) { deposits.show(screen) }

    func onPayment(screen: PaymentScreen) { payment.show(screen) }
}
