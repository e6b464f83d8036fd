package app.tillsight.ui.words

import app.tillsight.NextStep
import app.tillsight.PaymentProblem
import app.tillsight.PaymentReason
import app.tillsight.PaymentState

/** Every sentence of the payment page in one language. */
class PaymentWords private constructor(private val japanese: Boolean) {
    private fun say(english: String, japanese: String) = if (this.japanese) japanese else english

    val scanFirst get() = say("Scan the code at the till, then tap a method", "レジのコードを読み取り、支払い方法を選んでください")
    val settlementCode get() = say("Settlement code", "決済用暗証番号")
    val pay get() = say("Pay", "支払う")
    val cancel get() = say("Give up", "やめる")

    val showCode get() = say("Show a code to the till", "コードを提示")
    val elsewhere get() = say("This store is not where you are", "この店は現在地にありません")
    val receipt get() = say("Keep the receipt", "領収書を保存")
    val hold get() = say("Hold the phone to the till", "端末をかざす")
    fun until(time: String) = say("Good until $time", "$time まで有効です")

    fun state(state: PaymentState) = when (state) {
        PaymentState.AWAITED -> say("Asking the wallet server", "サーバーに問い合わせ中です")
        PaymentState.SHOWN -> say("Nothing is paid yet", "まだ支払われていません")
        PaymentState.TO_APPROVE -> say("Nothing is paid yet", "まだ支払われていません")
        PaymentState.UNKNOWN -> say("Not known yet whether it is paid", "支払いの結果を確認中です")
        PaymentState.PENDING -> say("On its way", "処理中です")
        PaymentState.CANCELLING -> say("Being given up", "取り消し中です")
        PaymentState.DONE -> say("Paid", "支払い済みです")
        PaymentState.DECLINED -> say("Not paid", "支払われていません")
        PaymentState.EXPIRED -> say("Not paid: the time was over", "時間切れのため支払われていません")
        PaymentState.CANCELLED -> say("Given up; nothing was paid", "取り消しました。支払われていません")
    }

    fun reason(reason: PaymentReason) = when (reason) {
        PaymentReason.METHOD_DOES_NOT_WORK -> say("the method does not work here", "この方法はここで使えません")
        PaymentReason.NOT_REGISTERED -> say("the method is not registered any more", "この方法は登録されていません")
        PaymentReason.NOT_PAYABLE -> say("this method cannot pay so yet", "この方法ではまだ支払えません")
        PaymentReason.CODE_NOT_GENUINE -> say("the code is not genuine", "コードが本物ではありません")
        PaymentReason.CODE_OUT_OF_DATE -> say("the code is over", "コードの期限が切れています")
        PaymentReason.NO_CHARGE -> say("nobody asks for it any more", "この請求は終了しています")
        PaymentReason.CHARGE_TAKEN -> say("somebody else pays it", "ほかの人が支払い中です")
        PaymentReason.NOT_SENT -> say("the wallet server was not reached in time", "時間内に送信できませんでした")
        PaymentReason.NOT_TAKEN -> say("the wallet server did not take it", "サーバーが受け付けませんでした")
    }

    fun next(step: NextStep) = when (step) {
        NextStep.NOTHING -> say("", "")
        NextStep.APPROVE -> say("Agree by your settlement code", "決済用暗証番号で承認してください")
        NextStep.WAIT -> say("Wait; do not pay in another way yet", "お待ちください。ほかの方法で支払わないでください")
        NextStep.SHOW_CODE -> say("Let the cashier scan this code", "このコードを店員に提示してください")
        NextStep.HOLD_TO_READER -> say("Hold the phone to the till's reader", "端末をレジのリーダーにかざしてください")
        NextStep.HOLD_AGAIN -> say("Begin anew and hold the phone to the reader", "もう一度始めて、端末をかざしてください")
        NextStep.SHOW_AGAIN -> say("Show a new code", "新しいコードを表示してください")
        NextStep.SCAN_AGAIN -> say("Scan the code at the till again", "レジのコードをもう一度読み取ってください")
        NextStep.ASK_CASHIER -> say("Ask the cashier for a new code", "店員に新しいコードを頼んでください")
        NextStep.CHOOSE_ANOTHER -> say("Take another method", "ほかの方法を選んでください")
        NextStep.DEPOSIT -> say("Put money in, or take another method", "入金するか、ほかの方法を選んでください")
    }

    fun refused(problem: PaymentProblem) = when (problem) {
        PaymentProblem.ID_MALFORMED -> say("The app made a mistake", "アプリの不具合です")
        PaymentProblem.ID_USED -> say("The app made a mistake", "アプリの不具合です")
        PaymentProblem.NO_PAYMENT_CODE -> say("Scan the code of this payment first", "この支払いのコードを読み取ってください")
        PaymentProblem.CODE_NOT_PROVEN -> say("The code is not proven to be the store's", "店のコードと確認できていません")
        PaymentProblem.CODE_FAR_FROM_ITS_PLACE -> say("The code is another place's", "別の場所のコードです")
        PaymentProblem.METHOD_NOT_ACTIVE -> say("The method does not work here", "この方法はここで使えません")
        PaymentProblem.AMOUNT_MISSING -> say("Type the amount first", "金額を入力してください")
        PaymentProblem.AMOUNT_TOO_HIGH -> say("Too much for this code: ask the cashier for another", "このコードの上限を超えています。店員に頼んでください")
        PaymentProblem.PLACE_UNKNOWN -> say("Wait until the phone knows where it is", "現在地を確認しています。お待ちください")
        PaymentProblem.UNDER_WAY -> say("Another payment has not ended", "ほかの支払いが終わっていません")
        PaymentProblem.NOT_FOUND -> say("There is no such payment", "この支払いはありません")
        PaymentProblem.WRONG_CODE -> say("The settlement code is wrong; nothing was paid", "暗証番号が違います。支払われていません")
        PaymentProblem.TOO_MANY_TRIES -> say("Too many wrong codes: wait a moment", "試行回数が多すぎます。しばらくお待ちください")
        PaymentProblem.CODE_LOCKED -> say("The settlement code is locked: set it anew", "暗証番号がロックされています。設定し直してください")
        PaymentProblem.NO_SETTLEMENT_CODE -> say("Set a settlement code first", "先に決済用暗証番号を設定してください")
        PaymentProblem.NOT_AS_SHOWN -> say("It is not what was shown; nothing was paid", "表示と異なるため支払われていません")
        PaymentProblem.OTHER_DEVICE -> say("Agree on the phone that showed the code", "コードを提示した端末で承認してください")
        PaymentProblem.DEVICE_TOO_NEW -> say("This phone is new: agree on your other one, or wait a day", "新しい端末です。ほかの端末で承認するか、1日お待ちください")
        PaymentProblem.NO_CONTACTLESS -> say("This phone cannot pay contactless", "この端末ではかざして支払えません")
        PaymentProblem.KEY_REFUSED -> say("Type the settlement code instead; nothing was paid", "暗証番号を入力してください。支払われていません")
        PaymentProblem.ALREADY_APPROVED -> say("It is agreed to: the cashier can give it back", "承認済みです。返金は店員に頼んでください")
    }

    companion object {
        /** The words of a language by its ISO 639-1 code; English for any other than Japanese. */
        fun of(language: String): PaymentWords = PaymentWords(language == "ja")
    }
}
