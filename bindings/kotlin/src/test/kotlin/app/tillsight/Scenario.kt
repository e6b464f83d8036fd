package app.tillsight

import java.nio.file.Files
import java.nio.file.Path
import java.time.Clock
import java.time.Instant
import java.time.ZoneOffset
import kotlin.io.path.readText
import kotlinx.coroutines.flow.filterNotNull
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.double
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import kotlinx.serialization.json.longOrNull

/** One file of `tests/scenarios`: signals in, screens out. */
class Scenario(file: Path) {
    private val scenario = Json.parseToJsonElement(file.readText()).jsonObject

    /** The signals in their order, each for [take]. */
    val steps: List<JsonObject> = scenario.getValue("steps").jsonArray.map { it.jsonObject }

    /** A wallet whose member is logged in and whose stores are on the phone; mostly no server from here on. */
    suspend fun open(): Wallet {
        val folder = Files.createTempDirectory("tillsight-scenario").toString()
        val (rootKey, language) = scenario.text("root_key") to scenario.text("language")
        val clock = Clock.fixed(Instant.ofEpochMilli(scenario.number("now_ms")), ZoneOffset.UTC)
        val answers = scenario.getValue("answers").jsonObject
        val place = scenario.getValue("place").jsonObject
        val online = WalletConfig(folder, SERVER, rootKey, language)
        val server = canned(answers)
        Wallet.open(online, Reversed, clock, transport = server).use {
            it.logIn("member", "password")
            it.prefetch(place.decimal("latitude"), place.decimal("longitude"))
        }
        if (scenario["online"]?.jsonPrimitive?.boolean == true) {
            return Wallet.open(online, Reversed, clock, transport = server)
        }
        // Without a server from here on: nothing that arrives later can change a screen.
        return Wallet.open(WalletConfig(folder, "", rootKey, language), Reversed, clock)
    }

    /** Takes one step: the screen it comes to, as JSON. */
    suspend fun json(wallet: Wallet, step: JsonObject): String {
        val (kind, what) = step.entries.single()
        return when (kind) {
            "deposits" -> wallet.deposits().json()
            "deposit" -> wallet.deposit(deposit(what.jsonObject)).json()
            "scan" -> "done".also { wallet.sense(what.jsonPrimitive.content) }
            "payment" -> wallet.payment()?.json() ?: "null"
            "begin_payment" -> what.jsonObject.let {
                wallet.beginPayment(PaymentAsk(it.text("id"), it.text("method_id"))).json()
            }
            "show_payment_code" -> what.jsonObject.let {
                wallet.showPaymentCode(PaymentAsk(it.text("id"), it.text("method_id"))).json()
            }
            "await_payment" -> awaited(wallet, what.jsonPrimitive.content)
            "approve_payment" -> what.jsonObject.let {
                wallet.approvePayment(it.text("id"), it.text("settlement_code")).json()
            }
            "cancel_payment" -> wallet.cancelPayment(what.jsonPrimitive.content).json()
            "history" -> wallet.history(what.jsonPrimitive.contentOrNull).json()
            "methods" -> wallet.methods().json()
            "change_method" -> wallet.changeMethod(what.jsonObject.text("id"), change(what.jsonObject)).json()
            "remove_method" -> wallet.removeMethod(what.jsonPrimitive.content).json()
            "account" -> wallet.account().json()
            "log_out_device" -> wallet.logOutDevice(what.jsonPrimitive.content).json()
            "change_profile" -> what.jsonObject.let {
                val ask = ProfileAsk(it.text("name"), it.text("address"), it.text("phone"))
                wallet.changeProfile(ask, it.text("password")).json()
            }
            "request_email" -> what.jsonObject.let { wallet.requestEmail(it.text("email"), it.text("password")) }
            "confirm_email" -> what.jsonObject.let { wallet.confirmEmail(it.text("id"), it.text("code")).json() }
            "operators" -> wallet.operators().joinToString(" ")
            "join" -> wallet.join(person(what.jsonObject))
            "confirm_join" -> what.jsonObject.let {
                wallet.confirmJoin(it.text("id"), it.text("code"))
                "done"
            }
            else -> take(wallet, kind, what).json()
        }
    }

    /** The payment screen of this state, once what the server is asked meanwhile has come. */
    private suspend fun awaited(wallet: Wallet, state: String): String = withTimeout(AWAITED_MS) {
        wallet.paymentScreens.filterNotNull().map { it.json() }.first { "\"state\":\"$state\"" in it }
        checkNotNull(wallet.payment()).json()
    }

    /** Hands the wallet one signal. */
    suspend fun take(wallet: Wallet, step: JsonObject): SettlementScreen {
        val (kind, what) = step.entries.single()
        return take(wallet, kind, what)
    }

    private fun deposit(what: JsonObject) = DepositAsk(
        what.text("id"),
        what.text("source_id"),
        what.number("amount_minor"),
        what.text("currency"),
    )

    private fun change(what: JsonObject) = MethodAsk(
        what.getValue("name").jsonPrimitive.contentOrNull,
        what.getValue("blocked").jsonPrimitive.booleanOrNull,
        what.getValue("place").jsonPrimitive.longOrNull?.toUInt(),
        what.getValue("deposit_source").jsonPrimitive.booleanOrNull,
    )

    private fun person(what: JsonObject) = JoinAsk(
        what.text("user_id"),
        what.text("password"),
        what.text("settlement_code"),
        what.text("name"),
        what.text("address"),
        what.text("phone"),
        what.text("email"),
    )

    private suspend fun take(wallet: Wallet, kind: String, what: JsonElement): SettlementScreen =
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
            "deny" -> wallet.deny(what.jsonPrimitive.content)
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

    /** The scenario's wallet server: its answers by method and path, byte for byte. */
    private fun canned(answers: JsonObject) = HttpTransport { request ->
        val path = request.url.removePrefix(SERVER)
        val answer = answers["${request.method} $path"]?.jsonObject
        val signature = answer?.get("signature")?.jsonPrimitive?.content
        val status = answer?.get("status")?.jsonPrimitive?.int ?: if (answer == null) 404 else 200
        val isProblem = answer != null && status >= 400
        val headers = listOfNotNull(
            signature?.let { HttpHeader("Tillsight-Signature", it) },
            HttpHeader("Content-Type", "application/problem+json").takeIf { isProblem },
        )
        val body = answer?.text("body").orEmpty()
        HttpReply(status.toUShort(), headers, body.toByteArray())
    }

    private fun JsonObject.text(key: String) = getValue(key).jsonPrimitive.content

    private fun JsonObject.number(key: String) = getValue(key).jsonPrimitive.long

    private fun JsonObject.decimal(key: String) = getValue(key).jsonPrimitive.double

    private companion object {
        const val SERVER = "https://server.test"

        /** Longer than anything that is asked meanwhile takes. */
        const val AWAITED_MS = 30_000L
    }
}
