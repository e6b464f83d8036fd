package app.tillsight

import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.readLines
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** The code that the test servers mailed last to [address], once they did. */
suspend fun mailedTo(address: String): String = withTimeout(20_000) {
    val mailbox = Path.of(System.getenv("TILLSIGHT_MESSAGES"))
    var code: String? = null
    while (code == null) {
        val lines = if (mailbox.exists()) mailbox.readLines() else emptyList()
        // A line that is just being written is none yet.
        val messages = lines.mapNotNull { runCatching { Json.parseToJsonElement(it).jsonObject }.getOrNull() }
        code = messages.lastOrNull { it["to"]?.jsonPrimitive?.content == address && "code" in it }
            ?.get("code")?.jsonPrimitive?.contentOrNull
        delay(20)
    }
    code
}

/** Somebody who is no member yet. */
fun person(userId: String, password: String) = JoinAsk(
    userId = userId,
    password = password,
    settlementCode = "739158204617",
    name = "Anna Bianchi",
    address = "Via Merulana 1, 00185 Roma",
    phone = "+39 06 482917",
    email = "$userId@example.org",
)
