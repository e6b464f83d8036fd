package app.tillsight

import java.nio.file.Files
import java.nio.file.Path
import java.time.Clock
import java.time.Instant
import java.time.ZoneOffset

/** The instant at which the tests take place. */
val NOW: Instant = Instant.ofEpochMilli(1_790_000_000_000)

/** A good fix: Rome, Piazza Vittorio. */
val FIX = Fix(
    latitude = 41.8947,
    longitude = 12.5045,
    accuracyM = 12.0,
    takenAtMs = NOW.toEpochMilli(),
    mocked = false,
)

/** Reverses what it seals: enough to tell sealed from open. */
object Reversed : KeyStore {
    override fun seal(secret: ByteArray) = secret.reversedArray()

    override fun open(sealed: ByteArray) = sealed.reversedArray()

    override fun forget() = Unit
}

/** A folder of the test's own. */
fun phoneFolder(): Path = Files.createTempDirectory("tillsight-test")

/** The key that the test register's list of keys is signed with, as in the scenarios. */
const val ROOT_KEY = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"

fun config(folder: Path = phoneFolder(), server: String = "", rootKey: String = ROOT_KEY) =
    WalletConfig(folder = folder.toString(), serverUrl = server, rootKey = rootKey, language = "en")

suspend fun openWallet(
    config: WalletConfig = config(),
    transport: HttpTransport? = null,
    keyStore: KeyStore = Reversed,
): Wallet = Wallet.open(config, keyStore, Clock.fixed(NOW, ZoneOffset.UTC), transport = transport)

/** The description of the test's network and its signature by that key, as in the scenarios. */
private const val NETWORK =
    """{"name":"Tillsight","beacon_uuid":"5af1e0de-0000-4000-8000-77616c6c6574","link_host":"tillsight.example","colour":"#0b5d4e"}"""
private const val NETWORK_SIGNATURE =
    "key=8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c; revision=1; until=1790604800000; " +
        "sig=53eefa11ccf3d39484cd3f7087b618980c094fc103a04d12e474c207438026dd" +
        "9cba2502a40afb0f1b1f1597a10c0a0cc9b183548547e463c7e49e7763d7900f"

/** A wallet server with one member and no stores, answering in place of the network. */
class EmptyServer(private val delayMs: Long = 0) : HttpTransport {
    @Volatile
    var answered = 0

    override fun send(request: HttpRequest): HttpReply {
        Thread.sleep(delayMs)
        val path = request.url.removePrefix("https://server.test")
        val body = when {
            path == "/v1/sessions/bound" -> {
                val later = NOW.toEpochMilli() + 3_600_000
                """{"token":"t","expires_at":$later,"refresh_token":"r","refresh_expires_at":$later}"""
            }
            path == "/v1/methods" -> """{"methods":[],"as_of":${NOW.toEpochMilli()}}"""
            path == "/v1/network" -> {
                val signature = HttpHeader("Tillsight-Signature", NETWORK_SIGNATURE)
                return HttpReply(200u, listOf(signature), NETWORK.toByteArray())
            }
            else -> return HttpReply(404u, emptyList(), ByteArray(0))
        }
        answered += 1
        return HttpReply(200u, emptyList(), body.toByteArray())
    }
}
