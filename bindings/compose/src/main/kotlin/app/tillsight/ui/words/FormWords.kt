package app.tillsight.ui.words

import app.tillsight.DepositReason
import app.tillsight.DepositState
import app.tillsight.HistoryKind
import app.tillsight.PositionUse
import app.tillsight.PositionUseKind
import app.tillsight.RequestProblem

/** Every sentence of the forms (deposit, history, methods, account) in one language. */
class FormWords private constructor(private val japanese: Boolean) {
    private fun say(english: String, japanese: String) = if (this.japanese) japanese else english

    val here get() = say("Store", "店")
    val payment get() = say("Payment", "支払い")
    val deposit get() = say("Deposit", "入金")
    val history get() = say("History", "履歴")
    val methods get() = say("Methods", "支払い方法")
    val account get() = say("Account", "アカウント")

    val from get() = say("From", "入金元")
    val amount get() = say("Amount", "金額")
    val doDeposit get() = say("Put in", "入金する")
    val nothingToDepositFrom get() = say("Link an account or a card first", "先に口座かカードを連携してください")
    val more get() = say("Earlier", "以前の履歴")
    val nothingMoved get() = say("Nothing has moved yet", "まだ履歴がありません")

    val depositSource get() = say("Deposits come from it", "入金元に設定中")
    val takeDepositsFrom get() = say("Deposit from it", "入金元にする")
    val block get() = say("Block", "停止する")
    val unblock get() = say("Unblock", "再開する")
    val up get() = say("Up", "上へ")
    val remove get() = say("Remove", "連携を解除")
    val rename get() = say("Rename", "名前を変える")
    val name get() = say("Name", "名前")
    val link get() = say("Link another", "新しく連携する")
    val company get() = say("The company that gave the code", "コードを発行した会社")
    val scheme get() = say("Scheme, for instance visa", "ブランド(例: visa)")

    val away get() = say("The wallet server cannot be reached; nothing can be changed now",
        "サーバーに接続できないため、今は変更できません")
    val join get() = say("Become a member", "会員登録")
    val address get() = say("Address", "住所")
    val phone get() = say("Telephone number", "電話番号")
    val email get() = say("E-mail address", "メールアドレス")
    val profile get() = say("Who you are", "登録情報")
    val newEmail get() = say("New e-mail address", "新しいメールアドレス")
    val settlementCode get() = say("Settlement code, 6 to 12 digits", "決済用暗証番号(6~12桁)")
    val newPassword get() = say("New password, 8 characters or more", "新しいパスワード(8文字以上)")
    val newSettlementCode get() = say("New settlement code, 6 to 12 digits", "新しい決済用暗証番号(6~12桁)")
    val presentPassword get() = say("Present password", "現在のパスワード")
    val presentSettlementCode get() = say("Present settlement code", "現在の決済用暗証番号")
    val sendCode get() = say("Send me a code", "コードを送る")
    val codeSent get() = say("A code was sent to the e-mail address; it is good for 15 minutes",
        "コードをメールで送りました。有効期限は15分です")
    val code get() = say("Code from the e-mail", "メールのコード")
    val confirm get() = say("Confirm", "確認する")
    val forgot get() = say("Forgot the password", "パスワードを忘れた")
    val change get() = say("Change", "変更する")
    val unlockLimit get() = say("What the unlocked phone pays without asking", "確認なしで支払える上限")
    val upTo get() = say("Up to", "上限額")
    val timesADay get() = say("Times a day", "1日の回数")
    val set get() = say("Set the limit", "上限を設定")
    val letPay get() = say("Let it pay", "支払いを許可")
    val positionUses get() = say("What told where this phone is", "位置が伝わった通信")
    val noPositionUses get() = say("Nothing did", "ありません")
    val clear get() = say("Forget these", "消去する")

    /** What a look-up told, and whether it said whose phone it is. */
    fun used(use: PositionUse): String {
        val what = when (use.kind) {
            PositionUseKind.TILES -> say("Stores of the map were fetched", "地図のお店の情報を取得")
            PositionUseKind.ROTATING_BEACON -> say("A beacon was looked up", "ビーコンを照会")
            PositionUseKind.POSITION -> say("The server was asked by position", "位置でサーバーに照会")
            PositionUseKind.BEACON -> say("The server was asked by a beacon", "ビーコンでサーバーに照会")
            PositionUseKind.ACCESS_POINT -> say("The server was asked by Wi-Fi", "Wi-Fiでサーバーに照会")
            PositionUseKind.STORE_CODE -> say("The server was asked by a code", "コードでサーバーに照会")
            PositionUseKind.REPORT_CREDENTIAL -> say("The right to report was fetched", "報告用の資格を取得")
            PositionUseKind.REPORT -> say("A store was reported on", "お店について報告")
        }
        val wide = use.aboutM?.let { say("within $it m", "範囲${it}m") }
        val shared = use.sharedBy?.let { say("one of $it", "${it}件のうちの1つ") }
        val who = if (use.asMember) say("as you", "会員として") else say("as nobody", "匿名")
        return listOfNotNull(what, wide, shared, who).joinToString(" · ")
    }

    /** Whether a provider wakes the app. */
    fun pushes(reach: Boolean) = if (reach) {
        say("A push wakes this app when there is something new", "新しい知らせがあると、このアプリに届きます")
    } else {
        say("No push wakes this app: it looks when it is opened", "プッシュ通知は届きません。アプリを開いたときに確認します")
    }
    val devices get() = say("Devices", "端末")
    val thisDevice get() = say("this phone", "この端末")
    val nameless get() = say("A device", "端末")
    val loggedOut get() = say("logged out", "ログアウト済み")
    val logOut get() = say("Log out", "ログアウト")
    val export get() = say("My data as a file", "自分のデータを保存")
    val leave get() = say("End the membership", "退会する")

    fun state(state: DepositState) = when (state) {
        DepositState.PENDING -> say("on its way", "処理中")
        DepositState.DONE -> say("in the wallet", "入金済み")
        DepositState.FAILED -> say("nothing was taken", "入金されていません")
    }

    fun reason(reason: DepositReason) = when (reason) {
        DepositReason.DAY_LIMIT -> say("more than may be put in a day", "1日の入金限度額を超えています")
        DepositReason.WALLET_FULL -> say("the wallet cannot hold so much", "残高の上限を超えています")
        DepositReason.INSUFFICIENT_FUNDS -> say("the account does not hold enough", "口座の残高が不足しています")
        DepositReason.CARD_LIMIT -> say("beyond the card's limit", "カードの利用限度額を超えています")
        DepositReason.BLOCKED -> say("blocked", "利用停止中です")
        DepositReason.EXPIRED -> say("the card is expired", "カードの有効期限が切れています")
        DepositReason.OTHER_CURRENCY -> say("another currency", "通貨が異なります")
        DepositReason.NOT_LINKED -> say("not linked any more", "連携が解除されています")
        DepositReason.OPERATOR_DOWN -> say("its company was away too long", "運営会社に接続できませんでした")
        DepositReason.REFUSED -> say("its company refused", "運営会社に拒否されました")
        DepositReason.NOT_SENT -> say("the wallet server was not reached in time", "時間内に送信できませんでした")
        DepositReason.NOT_TAKEN -> say("the wallet server did not take it", "サーバーが受け付けませんでした")
    }

    fun kind(kind: HistoryKind) = when (kind) {
        HistoryKind.DEPOSIT -> say("Deposit", "入金")
        HistoryKind.USE -> say("Paid", "支払い")
    }

    /** What undid a movement of this kind. */
    fun undone(kind: HistoryKind) = when (kind) {
        HistoryKind.DEPOSIT -> say("Deposit returned", "入金の取り消し")
        HistoryKind.USE -> say("Refund", "返金")
    }

    fun refused(problem: RequestProblem) = when (problem) {
        RequestProblem.ENTRY_UNFIT -> say("Something entered is too short, too long or not of its kind",
            "入力した内容の長さか形式が正しくありません")
        RequestProblem.USER_ID_TAKEN -> say("The user id is taken: choose another", "このユーザーIDは使われています")
        RequestProblem.WEAK_PASSWORD -> say("The password is soon guessed", "パスワードが推測されやすいです")
        RequestProblem.WEAK_SETTLEMENT_CODE -> say("The settlement code is soon guessed", "暗証番号が推測されやすいです")
        RequestProblem.CODE_REFUSED -> say("The code is not valid (any more)", "コードが無効です")
        RequestProblem.WRONG_SECRET -> say("The present password or code is wrong", "現在のパスワードか暗証番号が違います")
        RequestProblem.TOO_MANY -> say("Too many tries: wait a moment", "試行回数が多すぎます。しばらくお待ちください")
        RequestProblem.TOO_SOON -> say("The password was reset within a day", "パスワードの再設定から1日お待ちください")
        RequestProblem.NO_MESSAGES -> say("This wallet sends no codes now", "現在コードを送れません")
        RequestProblem.WALLET_NOT_EMPTY -> say("There is money in the wallet", "残高が残っています")
        RequestProblem.DEPOSIT_PENDING -> say("A deposit is on its way", "処理中の入金があります")
        RequestProblem.OPERATOR_DOWN -> say("Its company cannot be reached", "運営会社に接続できません")
        RequestProblem.OWN_MONEY -> say("The wallet's own money stays", "ウォレットの残高は解除できません")
        RequestProblem.NO_PROFILE -> say("The wallet company changes this: ask it", "変更はウォレット会社にお問い合わせください")
        RequestProblem.NOT_PAID -> say("There is no receipt: it is not paid", "支払われていないため領収書はありません")
        RequestProblem.NOT_FOUND -> say("It is not there any more", "すでに存在しません")
    }

    companion object {
        /** The words of a language by its ISO 639-1 code; English for any other than Japanese. */
        fun of(language: String): FormWords = FormWords(language == "ja")
    }
}
