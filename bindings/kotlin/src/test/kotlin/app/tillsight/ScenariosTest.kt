package app.tillsight

import java.nio.file.Files
import java.nio.file.Path
import java.time.Clock
import java.time.Instant
import java.time.ZoneOffset
import kotlin.io.path.extension
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.nameWithoutExtension
import kotlin.io.path.readText
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.double
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import kotlinx.serialization.json.longOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory

/** The scenarios of `tests/scenarios`, as `tests/scenarios.rs` plays them: byte-identical screens. */
class ScenariosTest {
    @TestFactory
    fun `every scenario comes to its screens`(): List<DynamicTest> {
        val files = Path.of("../../tests/scenarios").listDirectoryEntries().filter { it.extension == "json" }
        check(files.size >= 3) { "only ${files.size} scenarios were found" }
        return files.map { file ->
            dynamicTest(file.nameWithoutExtension) {
                val kept = file.resolveSibling("${file.nameWithoutExtension}.screens").readText()
                assertEquals(kept, runBlocking { play(Json.parseToJsonElement(file.readText()).jsonObject) })
            }
        }
    }

    /** One line for each step. */
    private suspend fun play(scenario: JsonObject): String {
        val folder = Files.createTempDirectory("tillsight-scenario").toString()
        val language = scenario.text("language")
        val clock = Clock.fixed(Instant.ofEpochMilli(scenario.number("now_ms")), ZoneOffset.UTC)
        val answers = scenario.getValue("answers").jsonObject
        val place = scenario.getValue("place").jsonObject
        Wallet.open(WalletConfig(folder, SERVER, language), Reversed, clock, transport = canned(answers)).use {
            it.logIn("member", "password")
            it.prefetch(place.decimal("latitude"), place.decimal("longitude"))
        }
        // Without a server from here on: nothing that arrives later can change a screen.
        return Wallet.open(WalletConfig(folder, "", language), Reversed, clock).use { wallet ->
            scenario.getValue("steps").jsonArray.joinToString("") { step ->
                val (kind, what) = step.jsonObject.entries.single()
                try {
                    take(wallet, kind, what).json() + "\n"
                } catch (error: WalletException) {
                    error.reference + "\n"
                }
            }
        }
    }

    private fun take(wallet: Wallet, kind: String, what: JsonElement): SettlementScreen = runBlocking {
        when (kind) {
            "screen" -> wallet.screens.value
            "fix" -> what.jsonObject.let {
                wallet.sense(
                    Fix(
                        it.decimal("latitude"),
                        it.decimal("longitude"),
                        it.decimal("accuracy_m"),
                        it.number("taken_at_ms"),
                        it.getValue("mocked").jsonPrimitive.boolean,
                    ),
                )
            }
            "beacon" -> what.jsonObject.let {
                wallet.sense(
                    BeaconReport.ManufacturerData(
                        it.number("company").toInt(),
                        it.text("hex").chunked(2).map { pair -> pair.toInt(16).toByte() }.toByteArray(),
                        it.getValue("rssi_dbm").jsonPrimitive.int,
                        Instant.ofEpochMilli(it.number("heard_at_ms")),
                    ),
                )
            }
            "text" -> wallet.sense(what.jsonPrimitive.content)
            "tag" -> wallet.senseTag(what.jsonPrimitive.content)
            "wifi" -> what.jsonObject.let {
                val heard = it.getValue("heard").jsonArray.map { point ->
                    val rssi = point.jsonObject.getValue("rssi_dbm").jsonPrimitive.int
                    AccessPoint(point.jsonObject.text("bssid"), rssi.toShort())
                }
                val joined = it.getValue("joined").jsonPrimitive.contentOrNull
                wallet.sense(WifiReport(joined, heard, it.number("heard_at_ms")))
            }
            "choose" -> wallet.choose(what.jsonPrimitive.content)
            "ask" -> what.jsonObject.let {
                wallet.ask(
                    MemberAsk(
                        it.getValue("amount_minor").jsonPrimitive.longOrNull,
                        it.getValue("currency").jsonPrimitive.contentOrNull,
                        ChoiceKind.valueOf(it.text("choice").uppercase()),
                        it.getValue("phone_has_nfc").jsonPrimitive.boolean,
                    ),
                )
            }
            else -> error("no such step: $kind")
        }
    }

    private fun canned(answers: JsonObject) = HttpTransport { request ->
        val path = request.url.removePrefix(SERVER)
        val body = answers["${request.method} $path"]?.toString()
            ?: """{"stores":[]}""".takeIf { path.startsWith("/v1/tiles/") }
        HttpReply(if (body == null) 404u else 200u, null, body.orEmpty().toByteArray())
    }

    private fun JsonObject.text(key: String) = getValue(key).jsonPrimitive.content

    private fun JsonObject.number(key: String) = getValue(key).jsonPrimitive.long

    private fun JsonObject.decimal(key: String) = getValue(key).jsonPrimitive.double

    private companion object {
        const val SERVER = "http://server.test"
    }
}
