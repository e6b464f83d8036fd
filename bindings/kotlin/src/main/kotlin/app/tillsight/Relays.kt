package app.tillsight

import app.tillsight.core.PlanListener
import app.tillsight.core.ScreenListener

/** The core's listener: passes each screen on from the core's own thread. */
internal class Relay(
    private val show: (SettlementScreen) -> Unit,
    private val showDeposits: (DepositScreen) -> Unit,
    private val showPayment: (PaymentScreen) -> Unit,
) : ScreenListener {
    override fun onScreen(screen: SettlementScreen) = show(screen)

    override fun onDeposits(screen: DepositScreen) = showDeposits(screen)

    override fun onPayment(screen: PaymentScreen) = showPayment(screen)
}

/** The same for plans. */
internal class PlanRelay(private val tell: (SensingPlan) -> Unit) : PlanListener {
    override fun onPlan(plan: app.tillsight.core.SensingPlan) = tell(plan.toPublic())
}
