import ExampleLines
import Foundation
import Tillsight
import XCTest

final class LinesTests: XCTestCase {
    private let english = Lines(words: Words(language: "en"), locale: Locale(identifier: "en_IE"))

    private func screen(
        place: Place = .nowhere, store: StoreHead? = nil, candidates: [CandidateRow] = [],
        active: [MethodRow] = [], unsure: [MethodRow] = [], inactive: [MethodRow] = [],
        suggestions: [SuggestionRow] = [], alarm: Alarm? = nil, code: CodeNote? = nil,
        listUnknown: Bool = false, server: ServerState = .awaited, ageS: UInt64? = nil,
        storesAgeS: UInt64? = nil
    ) -> SettlementScreen {
        SettlementScreen(
            place: place, store: store, evidence: [], candidates: candidates, alarm: alarm, code: code,
            active: active, unsure: unsure, inactive: inactive, activeNotChosen: 0, suggestions: suggestions,
            storeListUnknown: listUnknown,
            freshness: Freshness(
                server: server, balancesAsOfMs: nil, balancesAgeS: ageS, storesAgeS: storesAgeS),
            attributions: [], drawnAtMs: 0, revision: 0)
    }

    private func method(_ state: MethodState, _ reason: WhyNot?, _ balance: Amount?) -> MethodRow {
        MethodRow(
            id: "m", name: "Visa ..4242", kind: .creditCard, state: state, reason: reason,
            balance: balance, balanceAsOfMs: nil, by: nil)
    }

    func testATypedAmountIsCountedInTheCurrencysSmallestUnitOrRefused() {
        XCTAssertEqual(minorUnits("12,3", decimals: 2), 1230)
        XCTAssertEqual(minorUnits(" 500 ", decimals: 0), 500)
        XCTAssertEqual(minorUnits("92233720368547758.07", decimals: 2), .max)
        for wrong in ["", ".", ".5", "0", "-1", "1.234", "1.2.3", "1e3", "92233720368547758.08", "１２"] {
            XCTAssertNil(minorUnits(wrong, decimals: 2), wrong)
        }
    }

    func testACodeThatDeservesASecondLookIsMarkedAndSaysWhyBeforeAnythingElse() throws {
        let amount = Amount(minor: 250, currency: "EUR", decimals: 2, text: "2.50 EUR")
        let code = CodeNote(
            kind: .merchantCode, payee: "ACME", amount: amount, schemes: [],
            warnings: [.personalAccount])
        let line = try XCTUnwrap(english.sections(screen(code: code)).first?.lines.first)
        XCTAssertEqual(line.mark, "!")
        XCTAssertEqual(line.title, "ACME")
        XCTAssertEqual(line.amount, "€2.50")
        XCTAssertEqual(line.detail, "pays into a person's account")
    }

    func testAnInactiveMethodCarriesItsXAndItsReasonAndVoiceOverSaysAllOfIt() throws {
        let amount = Amount(minor: 1250, currency: "EUR", decimals: 2, text: "12.50 EUR")
        let sections = english.sections(screen(inactive: [method(.inactive, .expired, amount)]))
        let line = try XCTUnwrap(sections.first?.lines.first)
        XCTAssertEqual(line.mark, "x")
        XCTAssertEqual(line.amount, "€12.50")
        XCTAssertEqual(line.detail, "expired")
        XCTAssertEqual(line.spoken, "Visa ..4242. Does not work here. €12.50. expired")
    }

    func testABalanceNeverLearntIsSaidToBeUnknownAndNotShownAsNothing() throws {
        let sections = english.sections(screen(active: [method(.active, nil, nil)]))
        XCTAssertEqual(sections.first?.lines.first?.detail, "balance unknown")
    }

    func testAMethodThatSomeOfTheStoresTakeSaysSo() {
        let sections = english.sections(screen(unsure: [method(.dependsOnStore, nil, nil)]))
        let line = sections.first?.lines.first
        XCTAssertEqual(line?.mark, "?")
        XCTAssertEqual(line?.detail, "depends on the store · balance unknown")
    }

    func testACodeOfAnotherStoreIsToldBeforeWhatItSaysOfItself() {
        let contradicted = screen(
            alarm: Alarm(codeSays: "ACME", surroundingsSay: "Bakery"),
            code: CodeNote(kind: .storeCode, payee: "ACME", amount: nil, schemes: [], warnings: []))
        let lines = english.sections(contradicted).first?.lines ?? []
        XCTAssertEqual(lines.map(\.mark), ["!", ""])
        XCTAssertEqual(lines.map(\.title), ["made for ACME, and this seems to be Bakery", "ACME"])
    }

    func testAStoreThatIsAQuestionCanBeChosenAsWellAsItsNeighbours() {
        func store(_ id: String, _ name: String) -> StoreHead {
            StoreHead(
                id: id, name: name, industry: "amenity=fast_food", address: "Via Roma 1", phone: "",
                level: "", distanceM: 37)
        }
        func drawn(_ place: Place) -> SettlementScreen {
            let other = CandidateRow(store: store("b", ""), percent: 20)
            return screen(place: place, store: store("a", "ACME"), candidates: [other])
        }
        XCTAssertEqual(english.heading(drawn(.choose)), "ACME?")
        let stores = english.sections(drawn(.choose)).first?.lines ?? []
        XCTAssertEqual(stores.map(\.chooses), ["a", "b"])
        XCTAssertEqual(stores.last?.spoken, "Store without a name. fast food · Via Roma 1. 37 m")
        XCTAssertEqual(english.sections(drawn(.here)).first?.lines.map(\.chooses), ["b"])
    }

    func testAnUnknownListIsToldAsUnknownEvenWithNothingToSuggest() {
        let sections = english.sections(screen(listUnknown: true))
        XCTAssertEqual(sections.map(\.heading), [english.words.listUnknown])
    }

    func testTheAgeOfTheBalancesIsSaidWhenTheServerIsAway() {
        let away = screen(server: .away, ageS: 600)
        XCTAssertEqual(english.freshness(away), "Wallet server away; balances 10 min old")
        XCTAssertEqual(english.freshness(screen(storesAgeS: 777_600)), "Store data 9 days old")
        let japanese = Lines(words: Words(language: "ja"), locale: Locale(identifier: "ja_JP"))
        XCTAssertEqual(japanese.freshness(away), "サーバーに接続できません。残高は10分前のものです")
    }
}
