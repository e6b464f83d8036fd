package app.tillsight.android

import android.app.Application
import android.app.KeyguardManager
import android.nfc.cardemulation.HostApduService.DEACTIVATION_LINK_LOSS
import app.tillsight.PaymentAsk
import app.tillsight.PaymentState
import app.tillsight.Scenario
import app.tillsight.Wallet
import app.tillsight.holdToReader
import app.tillsight.paymentOpen
import java.nio.file.Path
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** An app that keeps one wallet. */
class Holder : Application(), WalletHolder {
    override var wallet: Wallet? = null
}

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], application = Holder::class)
class ReaderServiceTest {
    private val app = RuntimeEnvironment.getApplication() as Holder
    private val service = Robolectric.setupService(ReaderService::class.java)

    private fun told(command: String) = service.processCommandApdu(command.hexToByteArray(), null).toHexString()

    @Test
    fun `without a wallet, or a payment on its page, a reader gets nothing`() = runBlocking {
        assertEquals(NOT_OPEN, told(SELECT))
        scenario.open().use {
            app.wallet = it
            assertEquals(NOT_OPEN, told(SELECT))
            it.paymentOpen(true)
            assertEquals(NOT_OPEN, told(SELECT))
        }
        assertEquals("a closed wallet", NOT_OPEN, told(SELECT))
    }

    @Test
    fun `a reader gets the token in order from an unlocked phone, and a word for everything else`() = runBlocking {
        scenario.open().use { wallet ->
            app.wallet = wallet
            assertEquals(PaymentState.SHOWN, wallet.holdToReader(PaymentAsk(ID, "m1")).state)
            assertEquals("the page is not open", NOT_OPEN, told(SELECT))
            wallet.paymentOpen(true)
            assertEquals("out of order", "6986", told(TOKEN))
            shadowOf(app.getSystemService(KeyguardManager::class.java)).setIsDeviceLocked(true)
            assertEquals("locked", "6982", told(SELECT))
            shadowOf(app.getSystemService(KeyguardManager::class.java)).setIsDeviceLocked(false)
            assertEquals("9000", told(SELECT).takeLast(4))
            val token = told(TOKEN)
            assertEquals("c11a" to "9000", token.take(4) to token.takeLast(4))
            service.onDeactivated(DEACTIVATION_LINK_LOSS)
            assertEquals("out of order", "6986", told(TOKEN))
            assertEquals("cut", "6700", told("00a404"))
            assertEquals("too long", "6700", told("00a40400" + "00".repeat(300)))
            assertEquals("another's name", "6a82", told("00a4040007a000000003101000"))
        }
    }

    private companion object {
        const val ID = "0191d2a4-7c1e-7000-8000-000000000004"
        const val SELECT = "00a404000af054494c4c534947485400"
        const val TOKEN = "80ca00c100"
        const val NOT_OPEN = "6985"
        val scenario = Scenario(Path.of("../../tests/scenarios/payments.json"))
    }
}
