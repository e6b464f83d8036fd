import ExampleLines
import Foundation
import Tillsight
import XCTest

final class LinesTests: XCTestCase {
    private let english = Lines(words: Words(language: "en"), locale: Locale(identifier: "en_IE"))

    private func screen(
        active: [MethodRow] = [], inactive: [MethodRow] = [], suggestions: [SuggestionRow] = [],
        code: CodeNote? = nil, listUnknown: Bool = false, server: ServerState = .awaited, ageS: UInt64? = nil
    ) -> SettlementScreen {
        SettlementScreen(
            place: .nowhere, store: nil, evidence: [], candidates: [], alarm: nil, code: code, active: active,
            unsure: [], inactive: inactive, activeNotChosen: 0, suggestions: suggestions,
            storeListUnknown: listUnknown,
            freshness: Freshness(server: server, balancesAsOfMs: nil, balancesAgeS: ageS),
            attributions: [], drawnAtMs: 0, revision: 0)
    }

    private func method(_ state: MethodState, _ reason: WhyNot?, _ balance: Amount?) -> MethodRow {
        MethodRow(
            id: "m", name: "Visa ..4242", kind: .creditCard, state: state, reason: reason,
            balance: balance, balanceAsOfMs: nil, by: nil)
    }

    func testACodeThatDeservesASecondLookIsMarkedAndSaysWhyBeforeAnythingElse() throws {
        let amount = Amount(minor: 250, currency: "EUR", decimals: 2, text: "2.50 EUR")
        let code = CodeNote(
            kind: .merchantCode, payee: "ACME", amount: amount, schemes: [],
            warnings: [.personalAccount])
        let line = try XCTUnwrap(english.sections(screen(code: code)).first?.lines.first)
        XCTAssertEqual(line.mark, "!")
        XCTAssertEqual(line.title, "ACME · €2.50")
        XCTAssertEqual(line.detail, "pays into a person's account")
    }

    func testAnInactiveMethodCarriesItsXAndItsReasonAndVoiceOverSaysAllOfIt() throws {
        let amount = Amount(minor: 1250, currency: "EUR", decimals: 2, text: "12.50 EUR")
        let sections = english.sections(screen(inactive: [method(.inactive, .expired, amount)]))
        let line = try XCTUnwrap(sections.first?.lines.first)
        XCTAssertEqual(line.mark, "x")
        XCTAssertEqual(line.detail, "€12.50 · expired")
        XCTAssertEqual(line.spoken, "Visa ..4242. Does not work here. €12.50 · expired")
    }

    func testABalanceNeverLearntIsSaidToBeUnknownAndNotShownAsNothing() throws {
        let sections = english.sections(screen(active: [method(.active, nil, nil)]))
        XCTAssertEqual(sections.first?.lines.first?.detail, "balance unknown")
    }

    func testAnUnknownListIsToldAsUnknownEvenWithNothingToSuggest() {
        let sections = english.sections(screen(listUnknown: true))
        XCTAssertEqual(sections.map(\.heading), [english.words.listUnknown])
    }

    func testTheAgeOfTheBalancesIsSaidWhenTheServerIsAway() {
        let away = screen(server: .away, ageS: 600)
        XCTAssertEqual(english.freshness(away), "Wallet server away; balances 10 min old")
        let japanese = Lines(words: Words(language: "ja"), locale: Locale(identifier: "ja_JP"))
        XCTAssertEqual(japanese.freshness(away), "サーバーに接続できません。残高は10分前のものです")
    }
}
