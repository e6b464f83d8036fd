package app.tillsight.ui

import app.tillsight.Amount
import app.tillsight.Notice
import app.tillsight.NoticeKind
import app.tillsight.ui.words.NoticeWords
import java.util.Locale
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Test

class NoticeWordsTest {
    private val english = NoticeWords(Locale.forLanguageTag("en-IE"))

    private fun notice(kind: NoticeKind, methods: List<String>, likely: List<String> = emptyList(), more: UInt = 0u) =
        Notice("n", kind, "s", "Caffè Uno", methods, likely, more, Amount(1250, "EUR", 2u, "12.50 EUR"), 0)

    @Test
    fun `at the door what probably works is told apart from what works`() {
        val door = notice(NoticeKind.AT_THE_DOOR, listOf("Visa", "Wallet"), listOf("Suica"), 2u)
        assertEquals("Caffè Uno", english.title(door))
        assertEquals("Works here: Visa, Wallet · probably: Suica · 2 more", english.text(door))
        assertEquals("probably: Suica", english.text(notice(NoticeKind.AT_THE_DOOR, emptyList(), listOf("Suica"))))
    }

    @Test
    fun `what ended says how much, where and by what, and each end in its own words`() {
        assertEquals("€12.50 · Caffè Uno · Visa", english.text(notice(NoticeKind.PAID, listOf("Visa"))))
        val titles = NoticeKind.entries.map { english.title(notice(it, emptyList())) }
        assertEquals(titles.size, titles.toSet().size)
        val japanese = NoticeWords(Locale.JAPANESE)
        assertNotEquals(titles[1], japanese.title(notice(NoticeKind.PAID, emptyList())))
    }
}
