import Tillsight

/// Every sentence of the payment page in one language.
public struct PaymentWords: Sendable {
    private let japanese: Bool

    /// The words of a language by its ISO 639-1 code; English for any other than Japanese.
    public init(language: String) { japanese = language == "ja" }

    private func say(_ english: String, _ japanese: String) -> String {
        self.japanese ? japanese : english
    }

    public var scanFirst: String {
        say("Scan the code at the till, then tap a method", "レジのコードを読み取り、支払い方法を選んでください")
    }
    public var settlementCode: String {
        say("Settlement code", "決済用暗証番号")
    }
    public var pay: String {
        say("Pay", "支払う")
    }
    public var cancel: String {
        say("Give up", "やめる")
    }

    public var showCode: String {
        say("Show a code to the till", "コードを提示")
    }

    public var elsewhere: String {
        say("This store is not where you are", "この店は現在地にありません")
    }

    public var receipt: String {
        say("Receipt", "領収書")
    }

    public var goodUntil: String {
        say("Good for", "有効時間")
    }

    public func state(_ state: PaymentState) -> String {
        switch state {
        case .awaited:
            say("Asking the wallet server", "サーバーに問い合わせ中です")
        case .shown:
            say("Nothing is paid yet", "まだ支払われていません")
        case .toApprove:
            say("Nothing is paid yet", "まだ支払われていません")
        case .unknown:
            say("Not known yet whether it is paid", "支払いの結果を確認中です")
        case .pending:
            say("On its way", "処理中です")
        case .cancelling:
            say("Being given up", "取り消し中です")
        case .done:
            say("Paid", "支払い済みです")
        case .declined:
            say("Not paid", "支払われていません")
        case .expired:
            say("Not paid: the time was over", "時間切れのため支払われていません")
        case .cancelled:
            say("Given up; nothing was paid", "取り消しました。支払われていません")
        }
    }

    public func reason(_ reason: PaymentReason) -> String {
        switch reason {
        case .methodDoesNotWork:
            say("the method does not work here", "この方法はここで使えません")
        case .notRegistered:
            say("the method is not registered any more", "この方法は登録されていません")
        case .notPayable:
            say("this method cannot pay so yet", "この方法ではまだ支払えません")
        case .codeNotGenuine:
            say("the code is not genuine", "コードが本物ではありません")
        case .codeOutOfDate:
            say("the code is over", "コードの期限が切れています")
        case .noCharge:
            say("nobody asks for it any more", "この請求は終了しています")
        case .chargeTaken:
            say("somebody else pays it", "ほかの人が支払い中です")
        case .notSent:
            say("the wallet server was not reached in time", "時間内に送信できませんでした")
        case .notTaken:
            say("the wallet server did not take it", "サーバーが受け付けませんでした")
        }
    }

    public func next(_ step: NextStep) -> String {
        switch step {
        case .nothing:
            say("", "")
        case .approve:
            say("Agree by your settlement code", "決済用暗証番号で承認してください")
        case .wait:
            say("Wait; do not pay in another way yet", "お待ちください。ほかの方法で支払わないでください")
        case .showCode:
            say("Let the cashier scan this code", "このコードを店員に提示してください")
        case .holdToReader:
            say("Hold the phone to the till's reader", "端末をレジのリーダーにかざしてください")
        case .holdAgain:
            say("Begin anew and hold the phone to the reader", "もう一度始めて、端末をかざしてください")
        case .showAgain:
            say("Show a new code", "新しいコードを表示してください")
        case .scanAgain:
            say("Scan the code at the till again", "レジのコードをもう一度読み取ってください")
        case .askCashier:
            say("Ask the cashier for a new code", "店員に新しいコードを頼んでください")
        case .chooseAnother:
            say("Take another method", "ほかの方法を選んでください")
        case .deposit:
            say("Put money in, or take another method", "入金するか、ほかの方法を選んでください")
        }
    }

    public func refused(_ problem: PaymentProblem) -> String {
        switch problem {
        case .idMalformed:
            say("The app made a mistake", "アプリの不具合です")
        case .idUsed:
            say("The app made a mistake", "アプリの不具合です")
        case .noPaymentCode:
            say("Scan the code of this payment first", "この支払いのコードを読み取ってください")
        case .codeNotProven:
            say("The code is not proven to be the store's", "店のコードと確認できていません")
        case .codeFarFromItsPlace:
            say("The code is another place's", "別の場所のコードです")
        case .methodNotActive:
            say("The method does not work here", "この方法はここで使えません")
        case .amountMissing:
            say("Type the amount first", "金額を入力してください")
        case .amountTooHigh:
            say("Too much for this code: ask the cashier for another", "このコードの上限を超えています。店員に頼んでください")
        case .placeUnknown:
            say("Wait until the phone knows where it is", "現在地を確認しています。お待ちください")
        case .underWay:
            say("Another payment has not ended", "ほかの支払いが終わっていません")
        case .notFound:
            say("There is no such payment", "この支払いはありません")
        case .wrongCode:
            say("The settlement code is wrong; nothing was paid", "暗証番号が違います。支払われていません")
        case .tooManyTries:
            say("Too many wrong codes: wait a moment", "試行回数が多すぎます。しばらくお待ちください")
        case .codeLocked:
            say("The settlement code is locked: set it anew", "暗証番号がロックされています。設定し直してください")
        case .noSettlementCode:
            say("Set a settlement code first", "先に決済用暗証番号を設定してください")
        case .notAsShown:
            say("It is not what was shown; nothing was paid", "表示と異なるため支払われていません")
        case .otherDevice:
            say("Agree on the phone that showed the code", "コードを提示した端末で承認してください")
        case .deviceTooNew:
            say("This phone is new: agree on your other one, or wait a day", "新しい端末です。ほかの端末で承認するか、1日お待ちください")
        case .noContactless:
            say("This phone cannot pay contactless", "この端末ではかざして支払えません")
        case .keyRefused:
            say("Type the settlement code instead; nothing was paid", "暗証番号を入力してください。支払われていません")
        case .alreadyApproved:
            say("It is agreed to: the cashier can give it back", "承認済みです。返金は店員に頼んでください")
        }
    }
}
