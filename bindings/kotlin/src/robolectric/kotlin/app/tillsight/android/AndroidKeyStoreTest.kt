package app.tillsight.android

import android.os.UserManager
import app.tillsight.KeyStoreLockedException
import java.security.GeneralSecurityException
import java.security.Key
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.SecureRandom
import java.security.Security
import java.security.spec.AlgorithmParameterSpec
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec
import org.junit.After
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** Over a provider that keeps its keys in memory: Android's own sits in the phone's hardware. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class AndroidKeyStoreTest {
    private val app = RuntimeEnvironment.getApplication()
    private val secret = ByteArray(32) { it.toByte() }

    @Before
    fun install() {
        keys.clear()
        Security.addProvider(InMemory())
        shadowOf(app.getSystemService(UserManager::class.java)!!).setUserUnlocked(true)
    }

    @After
    fun remove() = Security.removeProvider("AndroidKeyStore")

    @Test
    fun `what was sealed is opened, never twice alike, and not once changed`() {
        val store = AndroidKeyStore(app)
        val sealed = store.seal(secret)
        assertArrayEquals(secret, AndroidKeyStore(app).open(sealed))
        assertFalse(sealed.contentEquals(store.seal(secret)))
        sealed[sealed.size - 1] = (sealed.last() + 1).toByte()
        assertThrows(GeneralSecurityException::class.java) { store.open(sealed) }
    }

    @Test
    fun `a key that is gone is said to be gone and another wallet's key opens nothing`() {
        val sealed = AndroidKeyStore(app).seal(secret)
        AndroidKeyStore(app, "other").seal(secret)
        assertThrows(GeneralSecurityException::class.java) { AndroidKeyStore(app, "other").open(sealed) }
        keys.clear()
        assertThrows(GeneralSecurityException::class.java) { AndroidKeyStore(app).open(sealed) }
    }

    @Test
    fun `a forgotten key opens nothing it sealed and the next seal makes another`() {
        val store = AndroidKeyStore(app)
        val sealed = store.seal(secret)
        store.forget()
        store.forget()
        assertThrows(GeneralSecurityException::class.java) { store.open(sealed) }
        assertArrayEquals(secret, store.open(store.seal(secret)))
        assertThrows(GeneralSecurityException::class.java) { store.open(sealed) }
    }

    @Test
    fun `two first seals at once make one key`() {
        val sealed = java.util.Collections.synchronizedList(mutableListOf<ByteArray>())
        val threads = List(4) { kotlin.concurrent.thread { sealed += AndroidKeyStore(app).seal(secret) } }
        threads.forEach { it.join() }
        sealed.forEach { assertArrayEquals(secret, AndroidKeyStore(app).open(it)) }
    }

    @Test
    fun `before the first unlock it is locked and not lost`() {
        val sealed = AndroidKeyStore(app).seal(secret)
        shadowOf(app.getSystemService(UserManager::class.java)!!).setUserUnlocked(false)
        assertThrows(KeyStoreLockedException::class.java) { AndroidKeyStore(app).open(sealed) }
        assertThrows(KeyStoreLockedException::class.java) { AndroidKeyStore(app).seal(secret) }
    }

    class InMemory : Provider("AndroidKeyStore", "1", "keys in memory") {
        init {
            put("KeyStore.AndroidKeyStore", Store::class.java.name)
            put("KeyGenerator.AES", Generator::class.java.name)
        }
    }

    class Generator : KeyGeneratorSpi() {
        private var alias = ""

        override fun engineInit(params: AlgorithmParameterSpec, random: SecureRandom?) {
            alias = (params as android.security.keystore.KeyGenParameterSpec).keystoreAlias
        }

        override fun engineInit(random: SecureRandom?) = Unit

        override fun engineInit(keysize: Int, random: SecureRandom?) = Unit

        override fun engineGenerateKey(): SecretKey {
            val bytes = ByteArray(32).also(SecureRandom()::nextBytes)
            return SecretKeySpec(bytes, "AES").also { keys[alias] = it }
        }
    }

    class Store : KeyStoreSpi() {
        override fun engineGetKey(alias: String, password: CharArray?): Key? = keys[alias]
        override fun engineLoad(stream: java.io.InputStream?, password: CharArray?) = Unit
        override fun engineGetCertificateChain(alias: String?) = null
        override fun engineGetCertificate(alias: String?) = null
        override fun engineGetCreationDate(alias: String?) = null
        override fun engineSetKeyEntry(
            alias: String?, key: Key?, password: CharArray?, chain: Array<out java.security.cert.Certificate>?,
        ) = Unit
        override fun engineSetKeyEntry(
            alias: String?, key: ByteArray?, chain: Array<out java.security.cert.Certificate>?,
        ) = Unit
        override fun engineSetCertificateEntry(alias: String?, cert: java.security.cert.Certificate?) = Unit
        override fun engineDeleteEntry(alias: String?) {
            keys.remove(alias)
        }
        override fun engineAliases() = java.util.Collections.enumeration(keys.keys)
        override fun engineContainsAlias(alias: String?) = alias in keys
        override fun engineSize() = keys.size
        override fun engineIsKeyEntry(alias: String?) = alias in keys
        override fun engineIsCertificateEntry(alias: String?) = false
        override fun engineGetCertificateAlias(cert: java.security.cert.Certificate?) = null
        override fun engineStore(stream: java.io.OutputStream?, password: CharArray?) = Unit
    }

    private companion object {
        val keys = HashMap<String, SecretKey>()
    }
}
