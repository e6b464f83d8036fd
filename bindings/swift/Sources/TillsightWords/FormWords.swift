import Tillsight

/// Every sentence of the forms (deposit, history, methods, account) in one language.
public struct FormWords: Sendable {
    private let japanese: Bool

    /// The words of a language by its ISO 639-1 code; English for any other than Japanese.
    public init(language: String) { japanese = language == "ja" }

    private func say(_ english: String, _ japanese: String) -> String {
        self.japanese ? japanese : english
    }

    public var here: String { say("Store", "店") }
    public var payment: String { say("Payment", "支払い") }
    public var deposit: String { say("Deposit", "入金") }
    public var history: String { say("History", "履歴") }
    public var methods: String { say("Methods", "支払い方法") }
    public var account: String { say("Account", "アカウント") }

    public var from: String { say("From", "入金元") }
    public var amount: String { say("Amount", "金額") }
    public var doDeposit: String { say("Put in", "入金する") }
    public var nothingToDepositFrom: String {
        say("Link an account or a card first", "先に口座かカードを連携してください")
    }
    public var more: String { say("Earlier", "以前の履歴") }
    public var nothingMoved: String { say("Nothing has moved yet", "まだ履歴がありません") }

    public var depositSource: String { say("Deposits come from it", "入金元に設定中") }
    public var takeDepositsFrom: String { say("Deposit from it", "入金元にする") }
    public var block: String { say("Block", "停止する") }
    public var unblock: String { say("Unblock", "再開する") }
    public var remove: String { say("Remove", "連携を解除") }
    public var rename: String { say("Rename", "名前を変える") }
    public var name: String { say("Name", "名前") }
    public var link: String { say("Link another", "新しく連携する") }
    public var company: String { say("The company that gave the code", "コードを発行した会社") }
    public var scheme: String { say("Scheme, for instance visa", "ブランド(例: visa)") }

    public var away: String {
        say(
            "The wallet server cannot be reached; nothing can be changed now",
            "サーバーに接続できないため、今は変更できません")
    }
    public var join: String { say("Become a member", "会員登録") }
    public var address: String { say("Address", "住所") }
    public var phone: String { say("Telephone number", "電話番号") }
    public var email: String { say("E-mail address", "メールアドレス") }
    public var profile: String { say("Who you are", "登録情報") }
    public var newEmail: String { say("New e-mail address", "新しいメールアドレス") }
    public var newPassword: String {
        say("New password, 8 characters or more", "新しいパスワード(8文字以上)")
    }
    public var newSettlementCode: String {
        say("New settlement code, 6 to 12 digits", "新しい決済用暗証番号(6~12桁)")
    }
    public var presentPassword: String { say("Present password", "現在のパスワード") }
    public var presentSettlementCode: String { say("Present settlement code", "現在の決済用暗証番号") }
    public var sendCode: String { say("Send me a code", "コードを送る") }
    public var codeSent: String {
        say(
            "A code was sent to the e-mail address; it is good for 15 minutes",
            "コードをメールで送りました。有効期限は15分です")
    }
    public var code: String { say("Code from the e-mail", "メールのコード") }
    public var confirm: String { say("Confirm", "確認する") }
    public var forgot: String { say("Forgot the password", "パスワードを忘れた") }
    public var change: String { say("Change", "変更する") }
    public var unlockLimit: String {
        say("What the unlocked phone pays without asking", "確認なしで支払える上限")
    }
    public var upTo: String { say("Up to", "上限額") }
    public var timesADay: String { say("Times a day", "1日の回数") }
    public var setLimit: String { say("Set the limit", "上限を設定") }
    public var letPay: String { say("Let it pay", "支払いを許可") }
    public var positionUses: String { say("What told where this phone is", "位置が伝わった通信") }
    public var noPositionUses: String { say("Nothing did", "ありません") }
    public var clear: String { say("Forget these", "消去する") }

    /// What a look-up told, and whether it said whose phone it is.
    public func used(_ use: PositionUse) -> String {
        let what =
            switch use.kind {
            case .tiles: say("Stores of the map were fetched", "地図のお店の情報を取得")
            case .rotatingBeacon: say("A beacon was looked up", "ビーコンを照会")
            case .position: say("The server was asked by position", "位置でサーバーに照会")
            case .beacon: say("The server was asked by a beacon", "ビーコンでサーバーに照会")
            case .accessPoint: say("The server was asked by Wi-Fi", "Wi-Fiでサーバーに照会")
            case .storeCode: say("The server was asked by a code", "コードでサーバーに照会")
            case .reportCredential: say("The right to report was fetched", "報告用の資格を取得")
            case .report: say("A store was reported on", "お店について報告")
            }
        let wide = use.aboutM.map { say("within \($0) m", "範囲\($0)m") }
        let shared = use.sharedBy.map { say("one of \($0)", "\($0)件のうちの1つ") }
        let who = use.asMember ? say("as you", "会員として") : say("as nobody", "匿名")
        return [what, wide, shared, who].compactMap(\.self).joined(separator: " · ")
    }
    /// Whether the system wakes the app.
    public func pushes(reach: Bool) -> String {
        reach
            ? say("A push wakes this app when there is something new", "新しい知らせがあると、このアプリに届きます")
            : say(
                "No push wakes this app: it looks when it is opened",
                "プッシュ通知は届きません。アプリを開いたときに確認します")
    }
    public var devices: String { say("Devices", "端末") }
    public var thisDevice: String { say("this phone", "この端末") }
    public var nameless: String { say("A device", "端末") }
    public var loggedOut: String { say("logged out", "ログアウト済み") }
    public var logOut: String { say("Log out", "ログアウト") }
    public var export: String { say("My data as a file", "自分のデータを保存") }
    public var leave: String { say("End the membership", "退会する") }

    public func state(_ state: DepositState) -> String {
        switch state {
        case .pending: say("on its way", "処理中")
        case .done: say("in the wallet", "入金済み")
        case .failed: say("nothing was taken", "入金されていません")
        }
    }

    public func reason(_ reason: DepositReason) -> String {
        switch reason {
        case .dayLimit: say("more than may be put in a day", "1日の入金限度額を超えています")
        case .walletFull: say("the wallet cannot hold so much", "残高の上限を超えています")
        case .insufficientFunds: say("the account does not hold enough", "口座の残高が不足しています")
        case .cardLimit: say("beyond the card's limit", "カードの利用限度額を超えています")
        case .blocked: say("blocked", "利用停止中です")
        case .expired: say("the card is expired", "カードの有効期限が切れています")
        case .otherCurrency: say("another currency", "通貨が異なります")
        case .notLinked: say("not linked any more", "連携が解除されています")
        case .operatorDown: say("its company was away too long", "運営会社に接続できませんでした")
        case .refused: say("its company refused", "運営会社に拒否されました")
        case .notSent: say("the wallet server was not reached in time", "時間内に送信できませんでした")
        case .notTaken: say("the wallet server did not take it", "サーバーが受け付けませんでした")
        }
    }

    public func kind(_ kind: HistoryKind) -> String {
        switch kind {
        case .deposit: say("Deposit", "入金")
        case .use: say("Paid", "支払い")
        }
    }

    /// What undid a movement of this kind.
    public func undone(_ kind: HistoryKind) -> String {
        switch kind {
        case .deposit: say("Deposit returned", "入金の取り消し")
        case .use: say("Refund", "返金")
        }
    }

    public func refused(_ problem: RequestProblem) -> String {
        switch problem {
        case .entryUnfit:
            say(
                "Something entered is too short, too long or not of its kind",
                "入力した内容の長さか形式が正しくありません")
        case .userIdTaken: say("The user id is taken: choose another", "このユーザーIDは使われています")
        case .weakPassword: say("The password is soon guessed", "パスワードが推測されやすいです")
        case .weakSettlementCode: say("The settlement code is soon guessed", "暗証番号が推測されやすいです")
        case .codeRefused: say("The code is not valid (any more)", "コードが無効です")
        case .wrongSecret: say("The present password or code is wrong", "現在のパスワードか暗証番号が違います")
        case .tooMany: say("Too many tries: wait a moment", "試行回数が多すぎます。しばらくお待ちください")
        case .tooSoon: say("The password was reset within a day", "パスワードの再設定から1日お待ちください")
        case .noMessages: say("This wallet sends no codes now", "現在コードを送れません")
        case .walletNotEmpty: say("There is money in the wallet", "残高が残っています")
        case .depositPending: say("A deposit is on its way", "処理中の入金があります")
        case .operatorDown: say("Its company cannot be reached", "運営会社に接続できません")
        case .ownMoney: say("The wallet's own money stays", "ウォレットの残高は解除できません")
        case .noProfile: say("The wallet company changes this: ask it", "変更はウォレット会社にお問い合わせください")
        case .notPaid: say("There is no receipt: it is not paid", "支払われていないため領収書はありません")
        case .notFound: say("It is not there any more", "すでに存在しません")
        }
    }
}
