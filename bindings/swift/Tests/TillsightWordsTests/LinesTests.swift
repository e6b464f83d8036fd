import Foundation
import Tillsight
import TillsightWords
import XCTest

final class LinesTests: XCTestCase {
    private let english = Lines(words: Words(language: "en"), locale: Locale(identifier: "en_IE"))

    private func screen(
        place: Place = .nowhere, store: StoreHead? = nil, candidates: [CandidateRow] = [],
        active: [MethodRow] = [], likely: [MethodRow] = [], unsure: [MethodRow] = [],
        inactive: [MethodRow] = [], question: StoreHead? = nil,
        suggestions: [SuggestionRow] = [], alarm: Alarm? = nil, code: CodeNote? = nil,
        listUnknown: Bool = false, server: ServerState = .awaited, ageS: UInt64? = nil,
        storesAgeS: UInt64? = nil, storage: [StorageWarning] = []
    ) -> SettlementScreen {
        SettlementScreen(
            place: place, store: store, evidence: [], candidates: candidates,
            question: question.map { StoreQuestion(store: $0, settles: 1) }, alarm: alarm, code: code,
            active: active, likely: likely, unsure: unsure, inactive: inactive, activeNotChosen: 0,
            suggestions: suggestions, storeListUnknown: listUnknown,
            freshness: Freshness(
                server: server, balancesAsOfMs: nil, balancesAgeS: ageS, storesAgeS: storesAgeS),
            storage: storage, attributions: [], drawnAtMs: 3 * 86_400_000, revision: 0)
    }

    private func method(
        _ state: MethodState, _ reason: WhyNot?, _ balance: Amount?, by: TakenBy? = nil,
        basis: MethodBasis = MethodBasis(stores: 1, take: 0, refuse: 0, source: nil, asOfMs: nil)
    ) -> MethodRow {
        MethodRow(
            id: "m", name: "Visa ..4242", kind: .creditCard, state: state,
            chance: Chance(low: 0, high: 1000), reason: reason, balance: balance,
            balanceAsOfMs: nil, by: by, basis: basis)
    }

    func testATypedAmountIsCountedInTheCurrencysSmallestUnitOrRefused() {
        XCTAssertEqual(minorUnits("12,3", decimals: 2), 1230)
        XCTAssertEqual(minorUnits(" 500 ", decimals: 0), 500)
        XCTAssertEqual(minorUnits("92233720368547758.07", decimals: 2), .max)
        for wrong in ["", ".", ".5", "0", "-1", "1.234", "1.2.3", "1e3", "92233720368547758.08", "１２"] {
            XCTAssertNil(minorUnits(wrong, decimals: 2), wrong)
        }
    }

    func testALimitOfWhatTheUnlockedPhonePaysMayBeNothingAndIsOtherwiseAnAmountAndACount() {
        let euro = Amount(minor: 0, currency: "EUR", decimals: 2, text: "0.00 EUR")
        let typed = { unlockLimit($0, $1, in: euro) }
        XCTAssertEqual(
            typed("12,3", " 3 "), UnlockLimit(amountMinor: 1230, currency: "EUR", countADay: 3))
        XCTAssertEqual(
            typed("0", "0"), UnlockLimit(amountMinor: 0, currency: "EUR", countADay: 0))
        for (amount, count) in [("", "3"), ("1.234", "3"), ("-1", "3"), ("5", ""), ("5", "-1")] {
            XCTAssertNil(typed(amount, count), "\(amount) \(count)")
        }
        let yen = Amount(minor: 0, currency: "JPY", decimals: 0, text: "0 JPY")
        XCTAssertEqual(unlockLimit("500", "1", in: yen)?.amountMinor, 500)
    }

    func testACodeThatDeservesASecondLookIsMarkedAndSaysWhyBeforeAnythingElse() throws {
        let amount = Amount(minor: 250, currency: "EUR", decimals: 2, text: "2.50 EUR")
        let code = CodeNote(
            kind: .merchantCode, payee: "ACME", amount: amount, typedUpTo: nil, schemes: [],
            warnings: [.personalAccount])
        let line = try XCTUnwrap(english.sections(screen(code: code)).first?.lines.first)
        XCTAssertEqual(line.mark, "!")
        XCTAssertEqual(line.title, "ACME")
        XCTAssertEqual(line.amount, "€2.50")
        XCTAssertEqual(line.detail, "pays into a person's account")
    }

    func testByAStoresOwnCodeAMethodIsPaidWithOnlyOnceItIsTypedHowMuch() {
        let most = Amount(minor: 5000, currency: "EUR", decimals: 2, text: "50.00 EUR")
        func pays(_ typed: Amount?, upTo most: Amount?, _ warnings: [CodeWarning] = []) -> String? {
            let code = CodeNote(
                kind: .storeCode, payee: "", amount: typed, typedUpTo: most, schemes: [],
                warnings: warnings)
            let drawn = screen(active: [method(.active, nil, nil)], code: code)
            return english.sections(drawn).last?.lines.first?.pays
        }
        let typed = Amount(minor: 320, currency: "EUR", decimals: 2, text: "3.20 EUR")
        XCTAssertNil(pays(nil, upTo: most))
        XCTAssertEqual(pays(typed, upTo: most), "m")
        XCTAssertNil(pays(typed, upTo: most, [.farFromItsPlace]))
        XCTAssertNil(pays(typed, upTo: nil), "another company's code is paid by")
    }

    func testWhatIsTypedForAStoresOwnCodeIsAnAmountOfItsCurrencyAndWithinItsLimit() {
        let most = Amount(minor: 5000, currency: "EUR", decimals: 2, text: "50.00 EUR")
        XCTAssertEqual(typedAmount("12,3", upTo: most), 1230)
        XCTAssertEqual(typedAmount("50", upTo: most), 5000)
        for wrong in ["", "0", "50.01", "-1", "1.234"] { XCTAssertNil(typedAmount(wrong, upTo: most), wrong) }
        XCTAssertTrue(english.typeAmount(upTo: most).contains("€50.00"))
    }

    func testWhetherPushesComeIsSaidInBothLanguages() {
        let said = ["en", "ja"].flatMap { language in
            [true, false].map { FormWords(language: language).pushes(reach: $0) }
        }
        XCTAssertEqual(Set(said).count, 4)
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

    func testAMethodThatSomeOfTheStoresTakeSaysHowManyAndWhoSaysSo() {
        let by = TakenBy(
            scheme: "visa", schemeName: "Visa", channel: .contactless, source: .register, asOfMs: 0)
        let basis = MethodBasis(stores: 5, take: 4, refuse: 1, source: .register, asOfMs: 0)
        let likely = screen(likely: [method(.likely, nil, nil, by: by, basis: basis)])
        let line = english.sections(likely).first?.lines.first
        XCTAssertEqual(english.sections(likely).first?.heading, "Probably works here")
        XCTAssertEqual(line?.mark, "")
        XCTAssertEqual(
            line?.detail,
            "Visa: hold the phone to the till · 4 of the 5 stores here take it · "
                + "the register, 3 days ago · balance unknown")
    }

    func testAMethodThatLikelyDoesNotWorkIsNotMarkedAsIfItDidNot() {
        let row = method(.likelyNot, .storeDoesNotTake, nil)
        let line = english.sections(screen(unsure: [row])).first?.lines.first
        XCTAssertEqual(line?.mark, "?")
        XCTAssertEqual(line?.detail, "probably not · the store does not take it · balance unknown")
    }

    func testACodeOfAnotherStoreIsToldBeforeWhatItSaysOfItself() {
        let contradicted = screen(
            alarm: Alarm(codeSays: "ACME", surroundingsSay: "Bakery"),
            code: CodeNote(
                kind: .storeCode, payee: "ACME", amount: nil, typedUpTo: nil, schemes: [],
                warnings: []))
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
        XCTAssertEqual(english.question(screen(question: store("a", "ACME"))), "Are you in ACME?")
        XCTAssertNil(english.question(drawn(.here)))
        let stores = english.sections(drawn(.choose)).first?.lines ?? []
        XCTAssertEqual(stores.map(\.chooses), ["a", "b"])
        XCTAssertEqual(stores.last?.spoken, "Store without a name. fast food · Via Roma 1. 37 m")
        XCTAssertEqual(english.sections(drawn(.here)).first?.lines.map(\.chooses), ["b"])
    }

    func testOnlyWhoIsSurelyInAStoreAndLoggedInSaysWhatHappenedThereOfEveryMethod() {
        func reported(_ place: Place, _ server: ServerState) -> [String?] {
            let drawn = screen(
                place: place, active: [method(.active, nil, nil)],
                unsure: [method(.unsure, nil, nil)], inactive: [method(.inactive, .expired, nil)],
                server: server)
            return english.sections(drawn).flatMap(\.lines).map(\.reports)
        }
        XCTAssertEqual(reported(.here, .live), ["m", "m", "m"])
        XCTAssertEqual(reported(.choose, .live), [nil, nil, nil])
        XCTAssertEqual(reported(.here, .loggedOut), [nil, nil, nil])
        let words = [Words(language: "en"), Words(language: "ja")]
        let said = words.flatMap { words in
            [ReportKind.worked, .refused, .cashOnly].map(words.report)
        }
        XCTAssertEqual(Set(said).count, 6)
    }

    func testAnUnknownListIsToldAsUnknownEvenWithNothingToSuggest() {
        let sections = english.sections(screen(listUnknown: true))
        XCTAssertEqual(sections.map(\.heading), [english.words.listUnknown])
    }

    func testTheAgeOfTheBalancesIsSaidWhenTheServerIsAway() {
        let away = screen(server: .away, ageS: 600)
        XCTAssertEqual(english.freshness(away), "Wallet server away; balances 10 min old")
        XCTAssertEqual(english.freshness(screen(storesAgeS: 777_600)), "Store data 9 days old")
        XCTAssertEqual(
            english.storage(screen(storage: [.storesPutAside, .full])),
            [
                "The stores this phone knew were damaged. They are fetched anew",
                "The phone's storage is full. Nothing new is kept",
            ])
        let japanese = Lines(words: Words(language: "ja"), locale: Locale(identifier: "ja_JP"))
        XCTAssertEqual(japanese.freshness(away), "サーバーに接続できません。残高は10分前のものです")
    }
}
