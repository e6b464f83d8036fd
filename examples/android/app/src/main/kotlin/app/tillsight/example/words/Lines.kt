package app.tillsight.example.words

import app.tillsight.CodeNote
import app.tillsight.MethodRow
import app.tillsight.Place
import app.tillsight.ServerState
import app.tillsight.SettlementScreen
import app.tillsight.balancesAge
import app.tillsight.formatted
import java.util.Locale

/**
 * One row to draw.
 *
 * @property mark what stands before it: nothing, `?`, `+`, `x` or `!`.
 * @property spoken what a screen reader says instead of the row's parts.
 * @property chooses the store that a tap chooses.
 * @property registers the scheme that a tap begins to register.
 */
data class Line(
    val mark: String,
    val title: String,
    val detail: String,
    val spoken: String,
    val chooses: String? = null,
    val registers: String? = null,
)

/** Rows under one heading. */
data class Section(val heading: String, val lines: List<Line>)

/** The screen as headings and rows in one language: all there is to it but colours and letters. */
class Lines(private val words: Words, private val locale: Locale) {
    fun heading(screen: SettlementScreen): String {
        val store = screen.store ?: return words.noStore
        val name = store.name.ifEmpty { store.industry.ifEmpty { words.nameless } }
        return if (screen.place == Place.CHOOSE) "$name?" else name
    }

    fun subtitle(screen: SettlementScreen): String =
        (listOfNotNull(screen.store?.address?.ifEmpty { null }) + screen.evidence.map(words::evidence))
            .joinToString(" · ")

    fun freshness(screen: SettlementScreen): String {
        val minutes = screen.freshness.balancesAge?.toMinutes()
        return when (screen.freshness.server) {
            ServerState.AWAY -> words.away(minutes)
            ServerState.LOGGED_OUT -> words.logIn
            ServerState.AWAITED, ServerState.LIVE -> minutes?.let(words::age).orEmpty()
        }
    }

    fun sections(screen: SettlementScreen): List<Section> = listOf(
        Section(words.codeSays, listOfNotNull(screen.code?.let(::scanned))),
        Section(words.works, screen.active.map { row(it, "", words.works) }),
        Section(words.mayWork, screen.unsure.map { row(it, "?", words.mayWork) }),
        Section(words.doesNotWork, screen.inactive.map { row(it, "x", words.doesNotWork) }),
        Section(
            if (screen.storeListUnknown) words.listUnknown else words.toRegister,
            screen.suggestions.map {
                val spoken = "${it.schemeName}. ${it.howToRegister}"
                Line("+", it.schemeName, it.howToRegister, spoken, registers = it.scheme)
            },
        ),
        Section(
            words.which,
            screen.candidates.map {
                val name = it.store.name.ifEmpty { words.nameless }
                Line("", name, it.store.address, "$name. ${it.store.address}", chooses = it.store.id)
            },
        ),
    ).filter { it.lines.isNotEmpty() || (it.heading == words.listUnknown) }

    private fun scanned(code: CodeNote): Line {
        val title = listOfNotNull(code.payee.ifEmpty { null }, code.amount?.formatted(locale))
            .ifEmpty { code.schemes }.joinToString(" · ")
        val detail = code.warnings.joinToString(" · ", transform = words::warning)
        return Line(if (code.warnings.isEmpty()) "" else "!", title, detail, "${words.codeSays}: $title. $detail")
    }

    private fun row(method: MethodRow, mark: String, state: String): Line {
        val balance = method.balance?.formatted(locale) ?: words.balanceUnknown
        val how = method.by?.let { "${it.schemeName}: ${words.channel(it.channel)}" }
        val detail = listOfNotNull(balance, how, method.reason?.let(words::why)).joinToString(" · ")
        return Line(mark, method.name, detail, "${method.name}. $state. $detail")
    }
}
