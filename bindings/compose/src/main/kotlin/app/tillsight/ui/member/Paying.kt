package app.tillsight.ui.member

import app.tillsight.PaymentAsk
import app.tillsight.PaymentScreen
import app.tillsight.Wallet
import app.tillsight.WalletException
import app.tillsight.approvePayment
import app.tillsight.beginPayment
import app.tillsight.cancelPayment
import app.tillsight.holdToReader
import app.tillsight.paymentOpen
import app.tillsight.paymentScreens
import app.tillsight.receipt
import app.tillsight.showPaymentCode
import app.tillsight.ui.PaymentTaps
import java.io.File
import java.util.UUID
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.withContext

/**
 * What the member pays, and what came of it.
 *
 * @param receipts the folder for receipts.
 * @param scope what the person began ends with it, and not with a page.
 */
class Paying(private val wallet: Wallet, private val receipts: File, scope: CoroutineScope) : PaymentTaps {
    private val tell = Telling(scope)

    val screens: StateFlow<PaymentScreen?> = wallet.paymentScreens

    /** Why the last thing the person did came to nothing. */
    val refused: StateFlow<WalletException?> = tell.refused

    /**
     * A tap on a method; of one code the wallet makes one payment, however often it is tapped.
     *
     * @param begun what is done once it is written down: an amount that was typed is not for the next one.
     */
    fun begin(method: String, begun: suspend () -> Unit) = tell {
        wallet.beginPayment(PaymentAsk(UUID.randomUUID().toString(), method))
        begun()
    }

    /** A code for the till to scan; also a new one after the last is over. */
    override fun show(method: String) = tell { wallet.showPaymentCode(PaymentAsk(UUID.randomUUID().toString(), method)) }

    /** A payment by holding the phone to the till's reader; also a new one after the last is over. */
    override fun hold(method: String) = tell { wallet.holdToReader(PaymentAsk(UUID.randomUUID().toString(), method)) }

    override fun approve(id: String, settlementCode: String) = tell { wallet.approvePayment(id, settlementCode) }

    override fun cancel(id: String) = tell { wallet.cancelPayment(id) }

    /** Into the app's own folder: what was signed, and the page to print. */
    override fun receipt(id: String) = tell {
        val files = wallet.receipt(id)
        withContext(Dispatchers.IO) {
            receipts.mkdirs()
            receipts.resolve("$id.json").writeText(files.json)
            receipts.resolve("$id.html").writeText(files.page)
        }
    }

    /** The payment page was opened or closed. */
    fun open(open: Boolean) = wallet.paymentOpen(open)
}
