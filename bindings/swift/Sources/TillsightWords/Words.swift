import Tillsight

/// Every sentence of the screen in one language. The compiler holds each list complete.
public struct Words: Sendable {
    private let japanese: Bool

    /// The words of a language by its ISO 639-1 code; English for any other than Japanese.
    public init(language: String) { japanese = language == "ja" }

    private func say(_ english: String, _ japanese: String) -> String {
        self.japanese ? japanese : english
    }

    public var noStore: String { say("No known store is near", "近くに登録された店がありません") }
    public var nameless: String { say("Store without a name", "名前のない店") }
    public var which: String { say("Which store is this?", "どの店ですか") }
    public var yes: String { say("Yes", "はい") }
    public var no: String { say("No", "いいえ") }
    public var another: String { say("In another store?", "別の店にいますか") }
    public var works: String { say("Works here", "ここで使えます") }
    public var likely: String { say("Probably works here", "おそらく使えます") }
    public var mayWork: String { say("May work", "使えるかもしれません") }
    public var likelyNot: String { say("probably not", "おそらく使えません") }
    public var doesNotWork: String { say("Does not work here", "ここでは使えません") }
    public var toRegister: String { say("This store takes: register one", "この店で使える方法を登録できます") }
    public var listUnknown: String {
        say("Nobody has said what this store takes", "この店で何が使えるかは分かっていません")
    }
    public var balanceUnknown: String { say("balance unknown", "残高不明") }
    public var logIn: String { say("Log in", "ログイン") }
    public var userId: String { say("User id", "ユーザーID") }
    public var password: String { say("Password", "パスワード") }
    public var scan: String { say("Scan the store's code", "店のコードを読み取る") }
    public var closeCamera: String { say("Close the camera", "カメラを閉じる") }
    public var noCamera: String {
        say("No camera: allow it in the phone's settings", "カメラを使えません。端末の設定で許可してください")
    }
    /// What the code is called that an operator gives to its customers.
    public var linkCode: String { say("Code from its company", "発行元の連携コード") }
    public var register: String { say("Register", "登録する") }

    public func age(minutes: Int64) -> String {
        minutes < 1
            ? say("Balances as of now", "残高は最新です")
            : say("Balances \(minutes) min old", "残高は\(minutes)分前のものです")
    }

    /// The age of store data that the register does not vouch for any more.
    public func storesOld(days: Int64) -> String {
        say("Store data \(days) days old", "店舗の情報は\(days)日前のものです")
    }

    public func away(minutes: Int64?) -> String {
        guard let minutes else { return say("Wallet server away", "サーバーに接続できません") }
        return say(
            "Wallet server away; balances \(minutes) min old", "サーバーに接続できません。残高は\(minutes)分前のものです")
    }

    /// What happened at the till.
    public func report(_ kind: ReportKind) -> String {
        switch kind {
        case .worked: say("It worked", "使えた")
        case .refused: say("They do not take it", "使えなかった")
        case .cashOnly: say("Cash only", "現金のみ")
        }
    }

    public func why(_ reason: WhyNot) -> String {
        switch reason {
        case .storeDoesNotTake: say("the store does not take it", "この店では扱っていません")
        case .channelNotOffered: say("not in a way it can be used", "この店の支払い方では使えません")
        case .expired: say("expired", "有効期限切れ")
        case .blocked: say("blocked", "利用停止中")
        case .balanceTooLow: say("balance too low", "残高不足")
        case .belowMinimum: say("below its smallest amount", "最低金額に届きません")
        case .limitReached: say("limit reached", "利用限度額に達しています")
        case .phoneLacksNfc: say("this phone has no NFC", "この端末にNFCがありません")
        case .operatorDown: say("its company cannot be reached", "運営会社に接続できません")
        case .storeListUnknown:
            say("nobody has said whether the store takes it", "使えるかどうか分かっていません")
        case .reportsDiffer:
            say("some say it works here, some that it does not", "使えたという人と使えなかったという人がいます")
        }
    }

    public func channel(_ channel: ChannelKind) -> String {
        switch channel {
        case .contactless: say("hold the phone to the till", "端末をかざす")
        case .scan: say("scan the store's code", "店のコードを読み取る")
        case .code: say("show your code", "コードを見せる")
        }
    }

    public func evidence(_ evidence: Evidence) -> String {
        switch evidence {
        case .position: say("by position", "位置から")
        case .beacon: say("by its beacon", "店のビーコンから")
        case .signedCode: say("by its signed code", "署名された店のコードから")
        case .unsignedCode: say("by a code anyone could have made", "署名のないコードから")
        case .joinedWifi: say("by its Wi-Fi", "店のWi-Fiから")
        case .wifi: say("by Wi-Fi nearby", "近くのWi-Fiから")
        case .nfc: say("by its tag", "店のタグから")
        case .chosen: say("chosen by you", "あなたの選択")
        case .habit: say("you were here before", "以前に来た店")
        case .simulatedPosition: say("simulated position", "シミュレーターの位置情報")
        }
    }

    /// Whether the member is in a store.
    public func areYouIn(_ store: String) -> String { say("Are you in \(store)?", "今いるのは\(store)ですか") }

    /// How many of the stores in question take it.
    public func taken(_ take: UInt32, of stores: UInt32) -> String {
        say("\(take) of the \(stores) stores here take it", "ここにある\(stores)店のうち\(take)店で使えます")
    }

    /// Who says what a store takes.
    public func source(_ source: SourceKind) -> String {
        switch source {
        case .store: say("the store's list", "店の情報")
        case .settlement: say("payments made here", "ここでの支払い")
        case .register: say("the register", "登録簿")
        case .openStreetMap: say("OpenStreetMap", "OpenStreetMapの情報")
        case .code: say("the code scanned", "読み取ったコード")
        case .members: say("members who were here", "会員の報告")
        case .own: say("you were here", "ご自身の経験")
        case .sibling: say("it takes cards like it", "同種のカードの情報")
        case .chain: say("chains take it", "チェーン店の傾向")
        case .country: say("stores like it take it", "同じ業種の店の傾向")
        case .generated: say("made up for trials", "試験用の情報")
        }
    }

    /// The same, and how long ago that was said, whole days.
    public func said(_ source: SourceKind, days: Int64) -> String {
        let who = self.source(source)
        return switch days {
        case 0: say("\(who), today", "\(who)（今日）")
        case 1: say("\(who), a day ago", "\(who)（1日前）")
        default: say("\(who), \(days) days ago", "\(who)（\(days)日前）")
        }
    }

    public func remedy(_ remedy: Remedy) -> String {
        switch remedy {
        case .wait: say("It mends itself; wait a moment", "しばらくお待ちください")
        case .scanStoreCode: say("Scan the store's code instead", "店のコードを読み取ってください")
        case .aimAgain: say("Point the camera at the code again", "もう一度コードにカメラを向けてください")
        case .logIn: say("Log in", "ログインしてください")
        case .checkLinkCode:
            say(
                "Check the code, or ask its company for a new one",
                "連携コードを確かめるか、発行元で新しいコードを受け取ってください")
        case .correctEntry: say("Correct what you entered", "入力した内容を確認してください")
        case .setSettlementCode:
            say(
                "Set the settlement code anew, on the account page",
                "アカウントのページで決済用暗証番号を設定し直してください")
        case .emptyWallet: say("Use what is left in the wallet first", "先に残高を使い切ってください")
        case .checkClock: say("Check the phone's date and time", "端末の日時を確認してください")
        case .stopMockLocation:
            say("Turn off the app that makes up positions", "位置を偽装するアプリを止めてください")
        case .unlock: say("Unlock the phone", "端末のロックを解除してください")
        case .freeStorage: say("Free some storage", "空き容量を増やしてください")
        case .updateApp: say("Update the app", "アプリを更新してください")
        }
    }

    /// Over what a scanned code says of itself, which is a claim of whoever made it.
    public var codeSays: String { say("The code says", "コードの内容") }

    /// The code is another store's than the surroundings say, whose name may be empty.
    public func alarm(codeSays: String, surroundingsSay: String) -> String {
        surroundingsSay.isEmpty
            ? say(
                "made for \(codeSays), and this is not there",
                "\(codeSays)のコードですが、ここはその場所ではないようです")
            : say(
                "made for \(codeSays), and this seems to be \(surroundingsSay)",
                "\(codeSays)のコードですが、ここは\(surroundingsSay)のようです")
    }

    /// What about a code deserves a second look.
    public func warning(_ warning: CodeWarning) -> String {
        switch warning {
        case .farFromItsPlace:
            say("made for another place: do not pay by it", "別の場所のコードです。支払わないでください")
        case .personalAccount: say("pays into a person's account", "個人の口座への支払いです")
        case .forged: say("forged: do not pay by it", "偽のコードです。支払わないでください")
        case .notProven: say("not proven to be the store's", "店のコードと確認できていません")
        case .notAsSpecified: say("not made as such codes are", "規格どおりのコードではありません")
        case .otherCountry: say("names another country", "別の国のコードです")
        case .otherPostalCode: say("names another postal code", "別の郵便番号のコードです")
        case .otherCity: say("names another city", "別の市のコードです")
        }
    }

    /// What ails the phone's own storage.
    public func storage(_ warning: StorageWarning) -> String {
        switch warning {
        case .vaultPutAside:
            say(
                "What this phone kept of you was damaged and put aside. Log in again",
                "端末のログイン情報が壊れていたため、別に保管しました。もう一度ログインしてください")
        case .transfersPutAside:
            say(
                "The record of payments and deposits on this phone was damaged and put aside. "
                    + "What was under way is in the history",
                "端末の支払いと入金の記録が壊れていたため、別に保管しました。途中のものは履歴で確認してください")
        case .storesPutAside:
            say(
                "The stores this phone knew were damaged. They are fetched anew",
                "端末のお店の情報が壊れていたため、取得し直します")
        case .full:
            say(
                "The phone's storage is full. Nothing new is kept",
                "端末の空き容量がありません。新しい情報は保存されません")
        case .readOnly:
            say(
                "The app may not write its storage. Nothing new is kept",
                "アプリの保存先に書き込めません。新しい情報は保存されません")
        case .failing:
            say(
                "The phone's storage fails. Nothing new is kept",
                "端末の保存先に異常があります。新しい情報は保存されません")
        }
    }

    /// The field for the amount of a store's own code, which names none.
    public var amount: String { say("Amount", "金額") }
    public var takeAmount: String { say("Set the amount", "金額を決める") }

    /// What to do with that field, and how much it takes.
    public func typeAmount(upTo most: String) -> String {
        say(
            "Type what the till asks for, \(most) at most, then tap a method",
            "お会計の金額（\(most)まで）を入力してから、支払い方法を選んでください")
    }

    /// What helps while no code is read.
    public func hint(_ hint: CameraHint) -> String {
        switch hint {
        case .tooDark: say("Too dark: turn on the torch", "暗すぎます。ライトを点けてください")
        case .tooFar: say("Move closer to the code", "コードに近づいてください")
        }
    }
}
