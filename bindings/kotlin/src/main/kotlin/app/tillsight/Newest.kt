package app.tillsight

import app.tillsight.core.PlanListener
import app.tillsight.core.ScreenListener
import app.tillsight.core.Wallet as Core
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.update

/** The newest screens: what calls return, and what the core tells from its own thread. */
internal class Newest(core: Core) : ScreenListener {
    val screen: MutableStateFlow<SettlementScreen> = MutableStateFlow(core.screen())
    val deposits: MutableStateFlow<DepositScreen> = MutableStateFlow(core.deposits())
    val payment: MutableStateFlow<PaymentScreen?> = MutableStateFlow(core.payment())

    // A call's answer and the listener's may cross on their way here.

    fun show(screen: SettlementScreen): Unit = this.screen.update { if (screen.revision >= it.revision) screen else it }

    fun show(screen: DepositScreen): Unit = deposits.update { if (screen.revision >= it.revision) screen else it }

    fun show(screen: PaymentScreen): Unit =
        payment.update { if (it == null || screen.revision >= it.revision) screen else it }

    override fun onScreen(screen: SettlementScreen) = show(screen)

    override fun onDeposits(screen: DepositScreen) = show(screen)

    override fun onPayment(screen: PaymentScreen) = show(screen)
}

/** The core's listener of plans. */
internal class PlanRelay(private val tell: (SensingPlan) -> Unit) : PlanListener {
    override fun onPlan(plan: app.tillsight.core.SensingPlan) = tell(plan.toPublic())
}
