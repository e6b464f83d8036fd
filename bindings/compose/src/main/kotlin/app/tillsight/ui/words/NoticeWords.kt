package app.tillsight.ui.words

import app.tillsight.Notice
import app.tillsight.NoticeKind
import app.tillsight.formatted
import java.util.Locale

/** Every sentence of a notification in one language. */
class NoticeWords(private val locale: Locale) {
    private fun say(english: String, japanese: String) = if (locale.language == "ja") japanese else english

    val doors get() = say("At the door of a store", "店の入口")
    val money get() = say("Payments and deposits", "支払いと入金")

    fun title(notice: Notice): String = when (notice.kind) {
        NoticeKind.AT_THE_DOOR -> notice.store.ifEmpty { say("In this store", "この店") }
        NoticeKind.PAID -> say("Paid", "支払い済みです")
        NoticeKind.NOT_PAID -> say("Not paid", "支払われていません")
        NoticeKind.DEPOSITED -> say("Deposited", "入金しました")
        NoticeKind.NOT_DEPOSITED -> say("Not deposited", "入金されていません")
        NoticeKind.REFUNDED -> say("Refunded", "返金されました")
    }

    fun text(notice: Notice): String = when (notice.kind) {
        NoticeKind.AT_THE_DOOR -> works(notice)
        else -> listOfNotNull(
            notice.amount?.formatted(locale),
            notice.store.ifEmpty { null },
            notice.methods.firstOrNull(),
        ).joinToString(" · ")
    }

    private fun works(notice: Notice): String {
        val sure = notice.methods.takeIf { it.isNotEmpty() }?.let {
            say("Works here: ${it.joinToString()}", "使えます: ${it.joinToString("、")}")
        }
        val likely = notice.likely.takeIf { it.isNotEmpty() }?.let {
            say("probably: ${it.joinToString()}", "おそらく使えます: ${it.joinToString("、")}")
        }
        val more = if (notice.more > 0u) say("${notice.more} more", "ほか${notice.more}件") else null
        return listOfNotNull(sure, likely, more).joinToString(" · ")
    }
}
