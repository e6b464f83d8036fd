package app.tillsight.ui.words

import app.tillsight.CameraHint
import app.tillsight.ChannelKind
import app.tillsight.CodeWarning
import app.tillsight.Evidence
import app.tillsight.Remedy
import app.tillsight.ReportKind
import app.tillsight.SourceKind
import app.tillsight.StorageWarning
import app.tillsight.WhyNot

/** Every sentence of the screen in one language. The compiler holds each list complete. */
interface Words {
    val noStore: String
    val nameless: String
    val which: String
    val yes: String
    val no: String
    val another: String
    val works: String
    val likely: String
    val mayWork: String
    val likelyNot: String
    val doesNotWork: String
    val toRegister: String
    val listUnknown: String
    val balanceUnknown: String
    val refresh: String
    val logIn: String
    val userId: String
    val password: String
    val scan: String
    val closeCamera: String
    val noCamera: String

    /** What happened at the till. */
    fun report(kind: ReportKind): String

    /** What the code is called that an operator gives to its customers. */
    val linkCode: String
    val register: String

    /** The balances' age, whole minutes; less than one is now. */
    fun age(minutes: Long): String

    /** The age of store data that the register does not vouch for any more, whole days. */
    fun storesOld(days: Long): String

    /** What the screen shows while the server is away. */
    fun away(minutes: Long?): String

    fun why(reason: WhyNot): String

    fun channel(channel: ChannelKind): String

    fun evidence(evidence: Evidence): String

    /** Whether the member is in a store. */
    fun areYouIn(store: String): String

    /** How many of the stores in question take it. */
    fun taken(take: UInt, stores: UInt): String

    /** Who says what a store takes. */
    fun source(source: SourceKind): String

    /** The same, and how long ago that was said, whole days. */
    fun said(source: SourceKind, days: Long): String

    fun remedy(remedy: Remedy): String

    /** Over what a scanned code says of itself, which is a claim of whoever made it. */
    val codeSays: String

    /** The code is another store's than the surroundings say, whose name may be empty. */
    fun alarm(codeSays: String, surroundingsSay: String): String

    /** What about a code deserves a second look. */
    fun warning(warning: CodeWarning): String

    /** What ails the phone's own storage. */
    fun storage(warning: StorageWarning): String

    /** The field for the amount of a store's own code, which names none. */
    val amount: String

    /** What to do with that field, and how much it takes. */
    fun typeAmount(most: String): String
    val takeAmount: String

    /** What helps while no code is read. */
    fun hint(hint: CameraHint): String

    companion object {
        /** The words of a language by its ISO 639-1 code; English for any other than Japanese. */
        fun of(language: String): Words = if (language == "ja") Japanese else English
    }
}

object English : Words {
    override val noStore = "No known store is near"
    override val nameless = "Store without a name"
    override val which = "Which store is this?"
    override val yes = "Yes"
    override val no = "No"
    override val another = "In another store?"
    override val works = "Works here"
    override val likely = "Probably works here"
    override val mayWork = "May work"
    override val likelyNot = "probably not"
    override val doesNotWork = "Does not work here"
    override val toRegister = "This store takes: register one"
    override val listUnknown = "Nobody has said what this store takes"
    override val balanceUnknown = "balance unknown"
    override val refresh = "Ask again"
    override val logIn = "Log in"
    override val userId = "User id"
    override val password = "Password"
    override val scan = "Scan the store's code"
    override val closeCamera = "Close the camera"
    override val noCamera = "No camera: allow it in the phone's settings"
    override val linkCode = "Code from its company"
    override val register = "Register"

    override fun age(minutes: Long) = if (minutes < 1) "Balances as of now" else "Balances $minutes min old"

    override fun storesOld(days: Long) = "Store data $days days old"

    override fun away(minutes: Long?) =
        if (minutes == null) "Wallet server away" else "Wallet server away; balances $minutes min old"

    override fun report(kind: ReportKind) = when (kind) {
        ReportKind.WORKED -> "It worked"
        ReportKind.REFUSED -> "They do not take it"
        ReportKind.CASH_ONLY -> "Cash only"
    }

    override fun why(reason: WhyNot) = when (reason) {
        WhyNot.STORE_DOES_NOT_TAKE -> "the store does not take it"
        WhyNot.CHANNEL_NOT_OFFERED -> "not in a way it can be used"
        WhyNot.EXPIRED -> "expired"
        WhyNot.BLOCKED -> "blocked"
        WhyNot.BALANCE_TOO_LOW -> "balance too low"
        WhyNot.BELOW_MINIMUM -> "below its smallest amount"
        WhyNot.LIMIT_REACHED -> "limit reached"
        WhyNot.PHONE_LACKS_NFC -> "this phone has no NFC"
        WhyNot.OPERATOR_DOWN -> "its company cannot be reached"
        WhyNot.STORE_LIST_UNKNOWN -> "nobody has said whether the store takes it"
        WhyNot.REPORTS_DIFFER -> "some say it works here, some that it does not"
    }

    override fun channel(channel: ChannelKind) = when (channel) {
        ChannelKind.CONTACTLESS -> "hold the phone to the till"
        ChannelKind.SCAN -> "scan the store's code"
        ChannelKind.CODE -> "show your code"
    }

    override fun evidence(evidence: Evidence) = when (evidence) {
        Evidence.POSITION -> "by position"
        Evidence.BEACON -> "by its beacon"
        Evidence.SIGNED_CODE -> "by its signed code"
        Evidence.UNSIGNED_CODE -> "by a code anyone could have made"
        Evidence.JOINED_WIFI -> "by its Wi-Fi"
        Evidence.WIFI -> "by Wi-Fi nearby"
        Evidence.NFC -> "by its tag"
        Evidence.CHOSEN -> "chosen by you"
        Evidence.HABIT -> "you were here before"
        Evidence.SIMULATED_POSITION -> "simulated position"
    }

    override fun areYouIn(store: String) = "Are you in $store?"

    override fun taken(take: UInt, stores: UInt) = "$take of the $stores stores here take it"

    override fun source(source: SourceKind) = when (source) {
        SourceKind.STORE -> "the store's list"
        SourceKind.SETTLEMENT -> "payments made here"
        SourceKind.REGISTER -> "the register"
        SourceKind.OPEN_STREET_MAP -> "OpenStreetMap"
        SourceKind.CODE -> "the code scanned"
        SourceKind.MEMBERS -> "members who were here"
        SourceKind.OWN -> "you were here"
        SourceKind.SIBLING -> "it takes cards like it"
        SourceKind.CHAIN -> "chains take it"
        SourceKind.COUNTRY -> "stores like it take it"
        SourceKind.GENERATED -> "made up for trials"
    }

    override fun said(source: SourceKind, days: Long) = source(source) + when (days) {
        0L -> ", today"
        1L -> ", a day ago"
        else -> ", $days days ago"
    }

    override fun remedy(remedy: Remedy) = when (remedy) {
        Remedy.WAIT -> "It mends itself; wait a moment"
        Remedy.SCAN_STORE_CODE -> "Scan the store's code instead"
        Remedy.AIM_AGAIN -> "Point the camera at the code again"
        Remedy.LOG_IN -> "Log in"
        Remedy.CHECK_LINK_CODE -> "Check the code, or ask its company for a new one"
        Remedy.CORRECT_ENTRY -> "Correct what you entered"
        Remedy.SET_SETTLEMENT_CODE -> "Set the settlement code anew, on the account page"
        Remedy.EMPTY_WALLET -> "Use what is left in the wallet first"
        Remedy.CHECK_CLOCK -> "Check the phone's date and time"
        Remedy.STOP_MOCK_LOCATION -> "Turn off the app that makes up positions"
        Remedy.UNLOCK -> "Unlock the phone"
        Remedy.FREE_STORAGE -> "Free some storage"
        Remedy.UPDATE_APP -> "Update the app"
    }

    override val codeSays = "The code says"

    override fun alarm(codeSays: String, surroundingsSay: String) =
        if (surroundingsSay.isEmpty()) "made for $codeSays, and this is not there"
        else "made for $codeSays, and this seems to be $surroundingsSay"

    override fun warning(warning: CodeWarning) = when (warning) {
        CodeWarning.FAR_FROM_ITS_PLACE -> "made for another place: do not pay by it"
        CodeWarning.PERSONAL_ACCOUNT -> "pays into a person's account"
        CodeWarning.FORGED -> "forged: do not pay by it"
        CodeWarning.NOT_PROVEN -> "not proven to be the store's"
        CodeWarning.NOT_AS_SPECIFIED -> "not made as such codes are"
        CodeWarning.OTHER_COUNTRY -> "names another country"
        CodeWarning.OTHER_POSTAL_CODE -> "names another postal code"
        CodeWarning.OTHER_CITY -> "names another city"
    }

    override fun storage(warning: StorageWarning) = when (warning) {
        StorageWarning.VAULT_PUT_ASIDE -> "What this phone kept of you was damaged and put aside. Log in again"
        StorageWarning.TRANSFERS_PUT_ASIDE ->
            "The record of payments and deposits on this phone was damaged and put aside. " +
                "What was under way is in the history"
        StorageWarning.STORES_PUT_ASIDE -> "The stores this phone knew were damaged. They are fetched anew"
        StorageWarning.FULL -> "The phone's storage is full. Nothing new is kept"
        StorageWarning.READ_ONLY -> "The app may not write its storage. Nothing new is kept"
        StorageWarning.FAILING -> "The phone's storage fails. Nothing new is kept"
    }

    override val amount = "Amount"
    override fun typeAmount(most: String) = "Type what the till asks for, $most at most, then tap a method"
    override val takeAmount = "Set the amount"

    override fun hint(hint: CameraHint) = when (hint) {
        CameraHint.TOO_DARK -> "Too dark: turn on the torch"
        CameraHint.TOO_FAR -> "Move closer to the code"
    }
}

object Japanese : Words {
    override val noStore = "近くに登録された店がありません"
    override val nameless = "名前のない店"
    override val which = "どの店ですか"
    override val yes = "はい"
    override val no = "いいえ"
    override val another = "別の店にいますか"
    override val works = "ここで使えます"
    override val likely = "おそらく使えます"
    override val mayWork = "使えるかもしれません"
    override val likelyNot = "おそらく使えません"
    override val doesNotWork = "ここでは使えません"
    override val toRegister = "この店で使える方法を登録できます"
    override val listUnknown = "この店で何が使えるかは分かっていません"
    override val balanceUnknown = "残高不明"
    override val refresh = "更新"
    override val logIn = "ログイン"
    override val userId = "ユーザーID"
    override val password = "パスワード"
    override val scan = "店のコードを読み取る"
    override val closeCamera = "カメラを閉じる"
    override val noCamera = "カメラを使えません。端末の設定で許可してください"
    override val linkCode = "発行元の連携コード"
    override val register = "登録する"

    override fun age(minutes: Long) = if (minutes < 1) "残高は最新です" else "残高は${minutes}分前のものです"

    override fun storesOld(days: Long) = "店舗の情報は${days}日前のものです"

    override fun away(minutes: Long?) =
        if (minutes == null) "サーバーに接続できません" else "サーバーに接続できません。残高は${minutes}分前のものです"

    override fun report(kind: ReportKind) = when (kind) {
        ReportKind.WORKED -> "使えた"
        ReportKind.REFUSED -> "使えなかった"
        ReportKind.CASH_ONLY -> "現金のみ"
    }

    override fun why(reason: WhyNot) = when (reason) {
        WhyNot.STORE_DOES_NOT_TAKE -> "この店では扱っていません"
        WhyNot.CHANNEL_NOT_OFFERED -> "この店の支払い方では使えません"
        WhyNot.EXPIRED -> "有効期限切れ"
        WhyNot.BLOCKED -> "利用停止中"
        WhyNot.BALANCE_TOO_LOW -> "残高不足"
        WhyNot.BELOW_MINIMUM -> "最低金額に届きません"
        WhyNot.LIMIT_REACHED -> "利用限度額に達しています"
        WhyNot.PHONE_LACKS_NFC -> "この端末にNFCがありません"
        WhyNot.OPERATOR_DOWN -> "運営会社に接続できません"
        WhyNot.STORE_LIST_UNKNOWN -> "使えるかどうか分かっていません"
        WhyNot.REPORTS_DIFFER -> "使えたという人と使えなかったという人がいます"
    }

    override fun channel(channel: ChannelKind) = when (channel) {
        ChannelKind.CONTACTLESS -> "端末をかざす"
        ChannelKind.SCAN -> "店のコードを読み取る"
        ChannelKind.CODE -> "コードを見せる"
    }

    override fun evidence(evidence: Evidence) = when (evidence) {
        Evidence.POSITION -> "位置から"
        Evidence.BEACON -> "店のビーコンから"
        Evidence.SIGNED_CODE -> "署名された店のコードから"
        Evidence.UNSIGNED_CODE -> "署名のないコードから"
        Evidence.JOINED_WIFI -> "店のWi-Fiから"
        Evidence.WIFI -> "近くのWi-Fiから"
        Evidence.NFC -> "店のタグから"
        Evidence.CHOSEN -> "あなたの選択"
        Evidence.HABIT -> "以前に来た店"
        Evidence.SIMULATED_POSITION -> "シミュレーターの位置情報"
    }

    override fun areYouIn(store: String) = "今いるのは${store}ですか"

    override fun taken(take: UInt, stores: UInt) = "ここにある${stores}店のうち${take}店で使えます"

    override fun source(source: SourceKind) = when (source) {
        SourceKind.STORE -> "店の情報"
        SourceKind.SETTLEMENT -> "ここでの支払い"
        SourceKind.REGISTER -> "登録簿"
        SourceKind.OPEN_STREET_MAP -> "OpenStreetMapの情報"
        SourceKind.CODE -> "読み取ったコード"
        SourceKind.MEMBERS -> "会員の報告"
        SourceKind.OWN -> "ご自身の経験"
        SourceKind.SIBLING -> "同種のカードの情報"
        SourceKind.CHAIN -> "チェーン店の傾向"
        SourceKind.COUNTRY -> "同じ業種の店の傾向"
        SourceKind.GENERATED -> "試験用の情報"
    }

    override fun said(source: SourceKind, days: Long) =
        source(source) + if (days == 0L) "（今日）" else "（${days}日前）"

    override fun remedy(remedy: Remedy) = when (remedy) {
        Remedy.WAIT -> "しばらくお待ちください"
        Remedy.SCAN_STORE_CODE -> "店のコードを読み取ってください"
        Remedy.AIM_AGAIN -> "もう一度コードにカメラを向けてください"
        Remedy.LOG_IN -> "ログインしてください"
        Remedy.CHECK_LINK_CODE -> "連携コードを確かめるか、発行元で新しいコードを受け取ってください"
        Remedy.CORRECT_ENTRY -> "入力した内容を確認してください"
        Remedy.SET_SETTLEMENT_CODE -> "アカウントのページで決済用暗証番号を設定し直してください"
        Remedy.EMPTY_WALLET -> "先に残高を使い切ってください"
        Remedy.CHECK_CLOCK -> "端末の日時を確認してください"
        Remedy.STOP_MOCK_LOCATION -> "位置を偽装するアプリを止めてください"
        Remedy.UNLOCK -> "端末のロックを解除してください"
        Remedy.FREE_STORAGE -> "空き容量を増やしてください"
        Remedy.UPDATE_APP -> "アプリを更新してください"
    }

    override val codeSays = "コードの内容"

    override fun alarm(codeSays: String, surroundingsSay: String) =
        if (surroundingsSay.isEmpty()) "${codeSays}のコードですが、ここはその場所ではないようです"
        else "${codeSays}のコードですが、ここは${surroundingsSay}のようです"

    override fun warning(warning: CodeWarning) = when (warning) {
        CodeWarning.FAR_FROM_ITS_PLACE -> "別の場所のコードです。支払わないでください"
        CodeWarning.PERSONAL_ACCOUNT -> "個人の口座への支払いです"
        CodeWarning.FORGED -> "偽のコードです。支払わないでください"
        CodeWarning.NOT_PROVEN -> "店のコードと確認できていません"
        CodeWarning.NOT_AS_SPECIFIED -> "規格どおりのコードではありません"
        CodeWarning.OTHER_COUNTRY -> "別の国のコードです"
        CodeWarning.OTHER_POSTAL_CODE -> "別の郵便番号のコードです"
        CodeWarning.OTHER_CITY -> "別の市のコードです"
    }

    override fun storage(warning: StorageWarning) = when (warning) {
        StorageWarning.VAULT_PUT_ASIDE -> "端末のログイン情報が壊れていたため、別に保管しました。もう一度ログインしてください"
        StorageWarning.TRANSFERS_PUT_ASIDE -> "端末の支払いと入金の記録が壊れていたため、別に保管しました。途中のものは履歴で確認してください"
        StorageWarning.STORES_PUT_ASIDE -> "端末のお店の情報が壊れていたため、取得し直します"
        StorageWarning.FULL -> "端末の空き容量がありません。新しい情報は保存されません"
        StorageWarning.READ_ONLY -> "アプリの保存先に書き込めません。新しい情報は保存されません"
        StorageWarning.FAILING -> "端末の保存先に異常があります。新しい情報は保存されません"
    }

    override val amount = "金額"
    override fun typeAmount(most: String) = "お会計の金額（${most}まで）を入力してから、支払い方法を選んでください"
    override val takeAmount = "金額を決める"

    override fun hint(hint: CameraHint) = when (hint) {
        CameraHint.TOO_DARK -> "暗すぎます。ライトを点けてください"
        CameraHint.TOO_FAR -> "コードに近づいてください"
    }
}
