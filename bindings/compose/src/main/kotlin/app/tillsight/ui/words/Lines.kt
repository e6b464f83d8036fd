package app.tillsight.ui.words

import app.tillsight.Alarm
import app.tillsight.Amount
import app.tillsight.CodeNote
import app.tillsight.MethodRow
import app.tillsight.MethodState
import app.tillsight.Place
import app.tillsight.ServerState
import app.tillsight.SettlementScreen
import app.tillsight.SignKind
import app.tillsight.StoreHead
import app.tillsight.balancesAge
import app.tillsight.formatted
import app.tillsight.storesAge
import java.util.Locale

/**
 * One row to draw.
 *
 * @property mark what stands before it: nothing, `?`, `+`, `x` or `!`.
 * @property state how a method stands, which is drawn in the mark's place.
 * @property amount what stands at its end: what is left on a method, how far a store is.
 * @property spoken what a screen reader says instead of the row's parts.
 * @property chooses the store that a tap chooses.
 * @property registers the scheme that a tap begins to register.
 * @property pays the method that a tap pays with what the code asks for, or what was typed.
 * @property reports the method of which a tap begins to say what happened at the till.
 */
data class Line(
    val mark: String,
    val title: String,
    val amount: String,
    val detail: String,
    val spoken: String,
    val chooses: String? = null,
    val registers: String? = null,
    val pays: String? = null,
    val state: MethodState? = null,
    val reports: String? = null,
) {
    /** Whether a tap does anything. */
    val isTapped: Boolean get() = chooses != null || registers != null || pays != null || reports != null
}

/** What the rows of a section are. */
enum class SectionKind { SCANNED, WORKS, LIKELY, MAY_WORK, DOES_NOT_WORK, TO_REGISTER, STORES }

/** Rows under one heading. */
data class Section(val kind: SectionKind, val heading: String, val lines: List<Line>)

/** The screen as headings and rows in one language: all there is to it but colours and letters. */
class Lines(val words: Words, private val locale: Locale) {
    fun heading(screen: SettlementScreen): String {
        val store = screen.store ?: return words.noStore
        return if (screen.place == Place.CHOOSE) "${name(store)}?" else name(store)
    }

    fun subtitle(screen: SettlementScreen): String =
        joined(listOfNotNull(screen.store?.let(::where)) + screen.evidence.map(words::evidence))

    fun freshness(screen: SettlementScreen): String {
        val days = screen.freshness.storesAge?.inWholeDays
        return joined(listOf(balances(screen), days?.let(words::storesOld).orEmpty()))
    }

    /** What ails the phone's own storage, the gravest first. */
    fun storage(screen: SettlementScreen): List<String> = screen.storage.map(words::storage)

    private fun balances(screen: SettlementScreen): String {
        val minutes = screen.freshness.balancesAge?.inWholeMinutes
        return when (screen.freshness.server) {
            ServerState.AWAY -> words.away(minutes)
            ServerState.LOGGED_OUT -> words.logIn
            ServerState.AWAITED, ServerState.LIVE -> minutes?.let(words::age).orEmpty()
        }
    }

    /** The question whose answer tells most, while it is open which store this is. */
    fun question(screen: SettlementScreen): String? = screen.question?.let { words.areYouIn(name(it.store)) }

    fun sections(screen: SettlementScreen): List<Section> = listOf(
        Section(
            SectionKind.SCANNED,
            words.codeSays,
            listOfNotNull(screen.alarm?.let(::contradicted), screen.code?.let { scanned(it, screen.store) }),
        ),
        methods(screen, SectionKind.WORKS, words.works, "", screen.active),
        methods(screen, SectionKind.LIKELY, words.likely, "", screen.likely),
        methods(screen, SectionKind.MAY_WORK, words.mayWork, "?", screen.unsure),
        methods(screen, SectionKind.DOES_NOT_WORK, words.doesNotWork, "x", screen.inactive),
        Section(
            SectionKind.TO_REGISTER,
            if (screen.storeListUnknown) words.listUnknown else words.toRegister,
            screen.suggestions.map {
                val spoken = "${it.schemeName}. ${it.howToRegister}"
                Line("+", it.schemeName, "", it.howToRegister, spoken, registers = it.scheme)
            },
        ),
        Section(
            SectionKind.STORES,
            if (screen.place == Place.HERE) words.another else words.which,
            stores(screen).map(::store),
        ),
    ).filter { it.lines.isNotEmpty() || (it.kind == SectionKind.TO_REGISTER && screen.storeListUnknown) }

    /** The stores to tap: the one shown is among them as long as it is a question. */
    private fun stores(screen: SettlementScreen): List<StoreHead> =
        listOfNotNull(screen.store.takeIf { screen.place == Place.CHOOSE }) + screen.candidates.map { it.store }

    private fun store(store: StoreHead): Line {
        val away = store.distanceM?.let { "$it m" }.orEmpty()
        val spoken = listOf(name(store), where(store), away).filter(String::isNotEmpty).joinToString(". ")
        return Line("", name(store), away, where(store), spoken, chooses = store.id)
    }

    private fun name(store: StoreHead): String = store.name.ifEmpty { words.nameless }

    /** What tells a store from its neighbours; what it sells only where it has no name. */
    private fun where(store: StoreHead): String = joined(
        listOf(
            if (store.name.isEmpty()) store.industry.substringAfter('=').replace('_', ' ') else "",
            store.address,
        ),
    )

    private fun contradicted(alarm: Alarm): Line {
        val said = words.alarm(alarm.codeSays.ifEmpty { words.nameless }, alarm.surroundingsSay)
        return Line("!", said, "", "", said)
    }

    /** A store's own code names its store alone, which is the one shown. */
    private fun scanned(code: CodeNote, store: StoreHead?): Line {
        val amount = code.amount?.formatted(locale).orEmpty()
        val isOwn = code.kind in setOf(SignKind.STORE_CODE, SignKind.PAYMENT_CODE) && code.warnings.isEmpty()
        val shown = store?.takeIf { isOwn }?.let(::name).orEmpty()
        val title = code.payee.ifEmpty { joined(code.schemes) }.ifEmpty { shown }
        val detail = joined(code.warnings.map(words::warning))
        val spoken = listOf("${words.codeSays}: $title", amount, detail)
        return Line(
            if (code.warnings.isEmpty()) "" else "!", title, amount, detail,
            spoken.filter(String::isNotEmpty).joinToString(". "),
        )
    }

    private fun methods(
        screen: SettlementScreen,
        kind: SectionKind,
        heading: String,
        mark: String,
        methods: List<MethodRow>,
    ) = Section(kind, heading, methods.map { row(screen, it, mark, heading) })

    /** The most that can be typed, where the code names no amount and may be paid by. */
    fun typedUpTo(screen: SettlementScreen): Amount? = screen.code?.takeIf { it.warnings.isEmpty() }?.typedUpTo

    /** How much can be typed, and what to do then. */
    fun typeAmount(most: Amount): String = words.typeAmount(most.formatted(locale))

    /** Once it is known how much, a tap on a method that works, or may, pays with it. */
    private fun row(screen: SettlementScreen, method: MethodRow, mark: String, state: String): Line {
        val code = screen.code?.takeIf { it.warnings.isEmpty() }
        val asked = code?.kind == SignKind.PAYMENT_CODE || code?.typedUpTo != null && code.amount != null
        val pays = method.id.takeIf { asked && method.state != MethodState.INACTIVE }
        val amount = method.balance?.formatted(locale).orEmpty()
        val detail = joined(
            listOfNotNull(
                words.likelyNot.takeIf { method.state == MethodState.LIKELY_NOT },
                method.reason?.let(words::why),
                method.by?.let { "${it.schemeName}: ${words.channel(it.channel)}" },
                method.basis.takeIf { method.by != null && it.stores > 1u }?.let { words.taken(it.take, it.stores) },
                said(screen, method),
                words.balanceUnknown.takeIf { method.balance == null },
            ),
        )
        val spoken = listOf(method.name, state, amount, detail)
        return Line(
            mark, method.name, amount, detail,
            spoken.filter(String::isNotEmpty).joinToString(". "), pays = pays, state = method.state,
            reports = method.id.takeIf { pays == null && isAtTill(screen) },
        )
    }

    /** Only who is surely in a store says what happened there, and not while an amount is to be typed. */
    private fun isAtTill(screen: SettlementScreen): Boolean =
        typedUpTo(screen) == null && screen.place == Place.HERE && screen.freshness.server != ServerState.LOGGED_OUT

    private fun said(screen: SettlementScreen, method: MethodRow): String? {
        val source = method.basis.source ?: return null
        val age = (screen.drawnAtMs - (method.basis.asOfMs ?: return null)).coerceAtLeast(0)
        return words.said(source, age / 86_400_000)
    }

    private fun joined(parts: List<String>): String = parts.filter(String::isNotEmpty).joinToString(" · ")
}
