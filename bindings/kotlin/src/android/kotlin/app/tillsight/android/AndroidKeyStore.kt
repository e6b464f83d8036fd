package app.tillsight.android

import android.content.Context
import android.os.UserManager
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import app.tillsight.KeyStore
import app.tillsight.KeyStoreLockedException
import java.security.GeneralSecurityException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * A key store over Android's: AES-256-GCM with a key that the system makes and never gives out.
 *
 * @param alias names the key; one for each wallet folder.
 */
public class AndroidKeyStore(context: Context, private val alias: String = "tillsight") : KeyStore {
    private val users = context.getSystemService(UserManager::class.java)

    override fun seal(secret: ByteArray): ByteArray {
        requireUnlocked()
        val cipher = Cipher.getInstance(TRANSFORMATION)
        // One caller at a time, in all instances: a second key would replace the first, and what
        // that one sealed would be lost.
        val key = synchronized(Companion) { key() ?: makeKey() }
        cipher.init(Cipher.ENCRYPT_MODE, key)
        return cipher.iv + cipher.doFinal(secret)
    }

    override fun open(sealed: ByteArray): ByteArray {
        requireUnlocked()
        val key = key() ?: throw GeneralSecurityException("the key is gone")
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, sealed, 0, IV_BYTES))
        return cipher.doFinal(sealed, IV_BYTES, sealed.size - IV_BYTES)
    }

    override fun forget() {
        requireUnlocked()
        synchronized(Companion) {
            java.security.KeyStore.getInstance(PROVIDER).apply { load(null) }.deleteEntry(alias)
        }
    }

    /** Before the first unlock after a start, the app's own storage is not readable either. */
    private fun requireUnlocked() {
        if (users != null && !users.isUserUnlocked) throw KeyStoreLockedException()
    }

    private fun key(): SecretKey? =
        java.security.KeyStore.getInstance(PROVIDER).apply { load(null) }.getKey(alias, null) as? SecretKey

    private fun makeKey(): SecretKey {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val shape = KeyGenParameterSpec.Builder(alias, purposes)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(256)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER)
            .apply { init(shape) }
            .generateKey()
    }

    private companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val TRANSFORMATION = "AES/GCM/NoPadding"

        /** What Android's provider makes and asks for. */
        const val IV_BYTES = 12
        const val TAG_BITS = 128
    }
}
