package app.tillsight.ui

import app.tillsight.Alarm
import app.tillsight.Amount
import app.tillsight.CameraHint
import app.tillsight.CandidateRow
import app.tillsight.Chance
import app.tillsight.ChannelKind
import app.tillsight.CodeNote
import app.tillsight.CodeWarning
import app.tillsight.Evidence
import app.tillsight.Freshness
import app.tillsight.KindOfMethod
import app.tillsight.MethodBasis
import app.tillsight.MethodRow
import app.tillsight.MethodState
import app.tillsight.Place
import app.tillsight.Remedy
import app.tillsight.ReportKind
import app.tillsight.ServerState
import app.tillsight.SettlementScreen
import app.tillsight.SignKind
import app.tillsight.SourceKind
import app.tillsight.StorageWarning
import app.tillsight.StoreHead
import app.tillsight.SuggestionRow
import app.tillsight.TakenBy
import app.tillsight.WhyNot
import app.tillsight.ui.words.English
import app.tillsight.ui.words.Japanese
import app.tillsight.ui.words.Lines
import app.tillsight.ui.words.Words
import java.util.Locale
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class LinesTest {
    private val nothing = SettlementScreen(
        place = Place.NOWHERE, store = null, evidence = emptyList(), candidates = emptyList(),
        question = null, alarm = null, code = null,
        active = emptyList(), likely = emptyList(), unsure = emptyList(), inactive = emptyList(), activeNotChosen = 0u,
        suggestions = emptyList(), storeListUnknown = false,
        freshness = Freshness(ServerState.AWAITED, null, null), attributions = emptyList(), drawnAtMs = 3 * 86_400_000, revision = 0u,
    )

    private fun method(state: MethodState, reason: WhyNot?, balance: Amount?, take: UInt = 0u) = MethodRow(
        id = "m", name = "Visa ..4242", kind = KindOfMethod.CREDIT_CARD, state = state, chance = Chance(0u, 1000u),
        reason = reason, balance = balance, balanceAsOfMs = null,
        by = TakenBy("visa", "Visa", ChannelKind.CONTACTLESS, SourceKind.REGISTER, 0).takeIf { take > 0u },
        basis = MethodBasis(5u.coerceAtMost(take + 1u), take, 0u, SourceKind.REGISTER.takeIf { take > 0u }, 0),
    )

    @Test
    fun `an inactive method carries its x and its reason, and a screen reader says all of it`() {
        val screen = nothing.copy(
            inactive = listOf(method(MethodState.INACTIVE, WhyNot.EXPIRED, Amount(1250, "EUR", 2u, "12.50 EUR"))),
        )
        val (section) = Lines(English, Locale.forLanguageTag("en-IE")).sections(screen)
        val (line) = section.lines
        assertEquals("x", line.mark)
        assertEquals("€12.50", line.amount)
        assertEquals("expired", line.detail)
        assertEquals("Visa ..4242. Does not work here. €12.50. expired", line.spoken)
    }

    @Test
    fun `a balance never learnt is said to be unknown and not shown as nothing`() {
        val screen = nothing.copy(active = listOf(method(MethodState.ACTIVE, null, null)))
        val line = Lines(English, Locale.US).sections(screen).single().lines.single()
        assertEquals("balance unknown", line.detail)
        assertEquals("", line.amount)
    }

    @Test
    fun `a code that deserves a second look is marked and says why before anything else`() {
        val code = CodeNote(
            SignKind.MERCHANT_CODE, "ACME", Amount(250, "EUR", 2u, "2.50 EUR"), null, emptyList(),
            listOf(CodeWarning.PERSONAL_ACCOUNT),
        )
        val (section) = Lines(English, Locale.forLanguageTag("en-IE")).sections(nothing.copy(code = code))
        val line = section.lines.single()
        assertEquals(
            "! ACME €2.50: pays into a person's account",
            "${line.mark} ${line.title} ${line.amount}: ${line.detail}",
        )
    }

    @Test
    fun `a code of another store is told before what it says of itself`() {
        val screen = nothing.copy(
            alarm = Alarm(codeSays = "ACME", surroundingsSay = "Bakery"),
            code = CodeNote(SignKind.STORE_CODE, "ACME", null, null, emptyList(), emptyList()),
        )
        val (alarm, code) = Lines(English, Locale.US).sections(screen).single().lines
        assertEquals("! made for ACME, and this seems to be Bakery", "${alarm.mark} ${alarm.title}")
        assertEquals("ACME", code.title)
    }

    @Test
    fun `by a store's own code a method is paid with only once it is typed how much`() {
        val most = Amount(5000, "EUR", 2u, "50.00 EUR")
        val works = method(MethodState.ACTIVE, null, null)
        val code = CodeNote(SignKind.STORE_CODE, "", null, most, emptyList(), emptyList())
        fun pays(code: CodeNote) =
            Lines(English, Locale.US).sections(nothing.copy(code = code, active = listOf(works))).last().lines.single().pays
        val typed = Amount(320, "EUR", 2u, "3.20 EUR")
        assertEquals(null, pays(code))
        assertEquals("m", pays(code.copy(amount = typed)))
        assertEquals(null, pays(code.copy(amount = typed, warnings = listOf(CodeWarning.FAR_FROM_ITS_PLACE))))
        assertEquals(null, pays(code.copy(amount = typed, typedUpTo = null)), "another company's code is paid by")
    }

    @Test
    fun `a store that is a question can be chosen as well as its neighbours`() {
        fun store(id: String, name: String) =
            StoreHead(id, name, "amenity=fast_food", "Via Roma 1", "", "", distanceM = 37u)
        val screen = nothing.copy(
            place = Place.CHOOSE,
            store = store("a", "ACME"),
            candidates = listOf(CandidateRow(store("b", ""), 20u)),
        )
        val lines = Lines(English, Locale.US)
        assertEquals("ACME?", lines.heading(screen))
        val stores = lines.sections(screen).single().lines
        assertEquals(listOf("a", "b"), stores.map { it.chooses })
        assertEquals("Store without a name. fast food · Via Roma 1. 37 m", stores.last().spoken)
        val here = screen.copy(place = Place.HERE)
        assertEquals(listOf("b"), lines.sections(here).single().lines.map { it.chooses })
    }

    @Test
    fun `a method that some of the stores take says how many and who says so`() {
        val screen = nothing.copy(likely = listOf(method(MethodState.LIKELY, null, null, take = 4u)))
        val section = Lines(English, Locale.US).sections(screen).single()
        assertEquals("Probably works here", section.heading)
        val line = section.lines.single()
        assertEquals("", line.mark)
        assertEquals(
            "Visa: hold the phone to the till · 4 of the 5 stores here take it · " +
                "the register, 3 days ago · balance unknown",
            line.detail,
        )
    }

    @Test
    fun `a method that likely does not work is not marked as if it did not`() {
        val row = method(MethodState.LIKELY_NOT, WhyNot.STORE_DOES_NOT_TAKE, null)
        val line = Lines(English, Locale.US).sections(nothing.copy(unsure = listOf(row))).single().lines.single()
        assertEquals("?", line.mark)
        assertEquals("probably not · the store does not take it · balance unknown", line.detail)
    }

    @Test
    fun `only who is surely in a store and logged in says what happened there, of every method`() {
        val rows = nothing.copy(
            active = listOf(method(MethodState.ACTIVE, null, null)),
            unsure = listOf(method(MethodState.UNSURE, null, null)),
            inactive = listOf(method(MethodState.INACTIVE, WhyNot.EXPIRED, null)),
        )
        fun reported(screen: SettlementScreen) =
            Lines(English, Locale.US).sections(screen).flatMap { it.lines }.map { it.reports }
        assertEquals(listOf("m", "m", "m"), reported(rows.copy(place = Place.HERE)))
        val loggedOut = Freshness(ServerState.LOGGED_OUT, null, null)
        for (elsewhere in listOf(rows.copy(place = Place.CHOOSE), rows.copy(place = Place.HERE, freshness = loggedOut))) {
            assertEquals(listOf(null, null, null), reported(elsewhere))
        }
    }

    @Test
    fun `an unknown list is told as unknown even with nothing to suggest`() {
        val screen = nothing.copy(storeListUnknown = true)
        assertEquals(English.listUnknown, Lines(English, Locale.US).sections(screen).single().heading)
        val suggested = nothing.copy(
            suggestions = listOf(SuggestionRow("suica", "Suica", emptyList(), "Add it in the app", Chance(950u, 950u), SourceKind.STORE)),
        )
        val section = Lines(English, Locale.US).sections(suggested).single()
        assertEquals(English.toRegister, section.heading)
        assertEquals("suica", section.lines.single().registers, "a tap would register nothing")
    }

    @Test
    fun `the age of the balances is said when the server is away`() {
        val away = nothing.copy(freshness = Freshness(ServerState.AWAY, 0, 600u))
        assertEquals("Wallet server away; balances 10 min old", Lines(English, Locale.US).freshness(away))
        assertEquals("サーバーに接続できません。残高は10分前のものです", Lines(Japanese, Locale.JAPAN).freshness(away))
        val old = nothing.copy(freshness = Freshness(ServerState.AWAITED, null, null, 0, 777_600u))
        assertEquals("Store data 9 days old", Lines(English, Locale.US).freshness(old))
        val full = nothing.copy(storage = listOf(StorageWarning.STORES_PUT_ASIDE, StorageWarning.FULL))
        assertEquals(
            listOf(
                "The stores this phone knew were damaged. They are fetched anew",
                "The phone's storage is full. Nothing new is kept",
            ),
            Lines(English, Locale.US).storage(full),
        )
    }

    @Test
    fun `every word is there in both languages and no two reasons read alike`() {
        val lists: List<(Words) -> List<String>> = listOf(
            { words -> WhyNot.entries.map(words::why) },
            { words -> Remedy.entries.map(words::remedy) },
            { words -> Evidence.entries.map(words::evidence) },
            { words -> ChannelKind.entries.map(words::channel) },
            { words -> SourceKind.entries.map(words::source) },
            { words -> CameraHint.entries.map(words::hint) },
            { words -> CodeWarning.entries.map(words::warning) },
            { words -> StorageWarning.entries.map(words::storage) },
            { words -> ReportKind.entries.map(words::report) },
        )
        for (list in lists) {
            val (english, japanese) = list(English) to list(Japanese)
            assertEquals(english.size, english.toSet().size, "$english")
            assertEquals(japanese.size, japanese.toSet().size, "$japanese")
            english.zip(japanese).forEach { (one, other) -> assertNotEquals(one, other) }
            assertTrue((english + japanese).none(String::isBlank))
        }
    }
}
