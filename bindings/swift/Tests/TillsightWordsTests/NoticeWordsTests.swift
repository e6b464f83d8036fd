import Foundation
import Tillsight
import TillsightWords
import XCTest

final class NoticeWordsTests: XCTestCase {
    private let english = NoticeWords(locale: Locale(identifier: "en_IE"))

    private func notice(
        _ kind: NoticeKind, _ methods: [String], likely: [String] = [], more: UInt32 = 0
    ) -> Notice {
        Notice(
            id: "n", kind: kind, storeId: "s", store: "Caffè Uno", methods: methods, likely: likely,
            more: more, amount: Amount(minor: 1250, currency: "EUR", decimals: 2, text: "12.50 EUR"),
            atMs: 0)
    }

    func testAtTheDoorWhatProbablyWorksIsToldApartFromWhatWorks() {
        let door = notice(.atTheDoor, ["Visa", "Wallet"], likely: ["Suica"], more: 2)
        XCTAssertEqual(english.title(door), "Caffè Uno")
        XCTAssertEqual(english.text(door), "Works here: Visa, Wallet · probably: Suica · 2 more")
        XCTAssertEqual(english.text(notice(.atTheDoor, [], likely: ["Suica"])), "probably: Suica")
    }

    func testWhatEndedSaysHowMuchWhereAndByWhatAndEachEndInItsOwnWords() {
        XCTAssertEqual(english.text(notice(.paid, ["Visa"])), "€12.50 · Caffè Uno · Visa")
        let titles = [NoticeKind.atTheDoor, .paid, .notPaid, .deposited, .notDeposited, .refunded].map {
            english.title(notice($0, []))
        }
        XCTAssertEqual(Set(titles).count, titles.count)
        let japanese = NoticeWords(locale: Locale(identifier: "ja_JP"))
        XCTAssertNotEqual(japanese.title(notice(.paid, [])), titles[1])
    }
}
