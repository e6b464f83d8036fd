package app.tillsight.android

import android.app.KeyguardManager
import android.nfc.cardemulation.HostApduService
import android.os.Bundle
import app.tillsight.Wallet
import app.tillsight.WalletException
import app.tillsight.answerReader
import app.tillsight.readerLeft

/** The app's `Application`, where it lets this library answer a till's reader. */
public interface WalletHolder {
    /** The wallet that is open; null while there is none. */
    public val wallet: Wallet?
}

/**
 * Answers a till's reader for the wallet of the app's [WalletHolder]. Android starts it when a reader selects the name
 * `F054494C4C5349474854`; the library's manifest names it, under the category `other`.
 */
public class ReaderService : HostApduService() {
    private val wallet: Wallet? get() = (application as? WalletHolder)?.wallet

    override fun processCommandApdu(commandApdu: ByteArray, extras: Bundle?): ByteArray = try {
        val isLocked = getSystemService(KeyguardManager::class.java)?.isDeviceLocked ?: true
        wallet?.answerReader(commandApdu, unlocked = !isLocked) ?: NOT_OPEN
    } catch (_: WalletException) {
        NOT_OPEN
    } catch (_: IllegalStateException) {
        // The app has closed it.
        NOT_OPEN
    }

    override fun onDeactivated(reason: Int) {
        try {
            wallet?.readerLeft()
        } catch (_: IllegalStateException) {
            // Closed: it has forgotten the reader.
        }
    }

    private companion object {
        /** ISO 7816-4: the conditions are not satisfied. */
        val NOT_OPEN = byteArrayOf(0x69, 0x85.toByte())
    }
}
