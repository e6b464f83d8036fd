package app.tillsight.android

import android.nfc.NdefMessage
import android.nfc.NdefRecord
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class NfcSourceTest {
    @Test
    fun `links and texts are read in their order and a cut record is left out`() {
        val cut = NdefRecord(
            NdefRecord.TNF_WELL_KNOWN,
            NdefRecord.RTD_TEXT,
            ByteArray(0),
            // Says that its language is 63 letters long, and ends.
            byteArrayOf(0x3F, 0x65),
        )
        val message = NdefMessage(
            NdefRecord.createUri("https://wallet.example/s/1"),
            cut,
            NdefRecord.createTextRecord("ja", "店のコード"),
        )
        assertEquals(listOf("https://wallet.example/s/1", "店のコード"), NfcSource.textsOf(message))
    }
}
