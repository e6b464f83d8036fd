package app.tillsight.android

import android.app.Activity
import android.nfc.NdefMessage
import android.nfc.NdefRecord
import android.nfc.NfcAdapter
import android.nfc.tech.Ndef
import java.io.IOException
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow

/** Texts and links on tags that the phone is held to; give each to `Wallet.senseTag`. */
public class NfcSource(private val activity: Activity) {
    /** The texts while someone collects them and [activity] is in the foreground. */
    public fun texts(): Flow<String> = callbackFlow {
        val adapter = NfcAdapter.getDefaultAdapter(activity) ?: throw IOException("no NFC in this phone")
        val tagSeen = NfcAdapter.ReaderCallback { tag ->
            try {
                Ndef.get(tag)?.cachedNdefMessage?.let { message -> textsOf(message).forEach(::trySend) }
            } catch (_: IllegalArgumentException) {
                // A tag that is none of a store's may hold anything.
            }
        }
        adapter.enableReaderMode(activity, tagSeen, KINDS, null)
        awaitClose { adapter.disableReaderMode(activity) }
    }

    public companion object {
        private const val KINDS = NfcAdapter.FLAG_READER_NFC_A or NfcAdapter.FLAG_READER_NFC_B or
            NfcAdapter.FLAG_READER_NFC_F or NfcAdapter.FLAG_READER_NFC_V

        /** The texts and links of a message, in its order. */
        public fun textsOf(message: NdefMessage): List<String> = message.records.mapNotNull { record ->
            record.toUri()?.toString() ?: record.text()
        }

        /** NFC Forum text record: a status byte (bit 7: UTF-16; bits 0 to 5: length of the language). */
        private fun NdefRecord.text(): String? {
            if (tnf != NdefRecord.TNF_WELL_KNOWN || !type.contentEquals(NdefRecord.RTD_TEXT)) return null
            val status = payload.firstOrNull()?.toInt() ?: return null
            val start = 1 + (status and 0x3F)
            if (start > payload.size) return null
            val charset = if (status and 0x80 == 0) Charsets.UTF_8 else Charsets.UTF_16
            return String(payload, start, payload.size - start, charset)
        }
    }
}
