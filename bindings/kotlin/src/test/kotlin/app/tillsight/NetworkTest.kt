package app.tillsight

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

class NetworkTest {
    @Test
    fun `what the radio listens for is what the core takes for a store beacon`() = runBlocking {
        openWallet().use { wallet ->
            val place = byteArrayOf(0, 7, 0, 9)
            val power = byteArrayOf(-59)
            val frame = Network.beaconPrefix + place + power
            val screen = wallet.sense(BeaconReport.ManufacturerData(Network.BEACON_COMPANY, frame, -60, NOW))
            assertEquals(NOW, screen.drawnAt)
        }
    }
}
