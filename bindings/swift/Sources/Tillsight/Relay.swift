import TillsightCore

/// The core's listener: passes each screen on from the core's own thread.
final class Relay: TillsightCore.ScreenListener {
    private let shown: Shown<SettlementScreen>
    private let shownDeposits: Shown<DepositScreen>
    private let shownPayment: Shown<PaymentScreen?>

    init(
        shown: Shown<SettlementScreen>, shownDeposits: Shown<DepositScreen>,
        shownPayment: Shown<PaymentScreen?>
    ) {
        self.shown = shown
        self.shownDeposits = shownDeposits
        self.shownPayment = shownPayment
    }

    func onScreen(screen: SettlementScreen) { shown.show(screen) }

    func onDeposits(screen: DepositScreen) { shownDeposits.show(screen) }

    func onPayment(screen: PaymentScreen) { shownPayment.show(screen) }
}
