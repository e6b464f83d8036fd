//! The rule: its table, and what a code, a choice and several stores add to it.

mod cast;
mod chances;
mod table;

use cast::{NOW, a_pay, ask, card, changed, choosing, money, over, ride, states, store};
use domain::{
    Acceptance, Accepted, Balance, Choice, Claim, Currency, Money, Reason, Registered, Source,
    Timestamp,
    rule::{Answer, CodeSays, Question, StoreInQuestion, judge},
};

#[test]
fn an_unknown_list_is_told_and_a_known_one_is_not() {
    let list_unknown = |stores: &[&Accepted]| over(stores, &[a_pay()], &ask()).list_unknown;
    assert!(list_unknown(&[&store(&[])]));
    assert!(!list_unknown(&[&store(&["!paypay/code"])]));
}

#[test]
fn a_choice_hides_other_usable_methods_without_calling_them_unusable() {
    let accepted = store(&["visa/contactless", "tillsight/scan", "paypay/code"]);
    let answer = over(&[&accepted], &[a_pay(), card(), money()], &choosing(Choice::MostUsed));
    assert_eq!((answer.active, answer.active_not_chosen), (vec![0], vec![2, 1]));
}

#[test]
fn over_several_stores_only_the_weakest_claim_is_relied_upon() {
    let accepted = |source, at| {
        let (scheme, channel) = ride("paypay/code");
        let as_of = Timestamp(at);
        let acceptance = Acceptance::Accepted;
        Accepted::from_iter([Claim { scheme, channel, acceptance, source, as_of }])
    };
    let (strong, weak) = (accepted(Source::Store, NOW.0), accepted(Source::Generated, NOW.0 - 2));
    let answer = over(&[&strong, &weak], &[a_pay()], &ask());
    let Some(taken) = &answer.standings[0].by else { panic!("{answer:?}") };
    assert_eq!((taken.source, taken.as_of), (Source::Generated, Timestamp(NOW.0 - 2)));
}

/// The rule in one store, or in none, at a till where a code was scanned.
fn scanned(store: Option<&Accepted>, registered: &[Registered], code: &CodeSays) -> Answer {
    let in_question =
        |accepted| StoreInQuestion { probability: 1.0, accepted, currency: Currency::EUR };
    let stores: Vec<_> = store.map(in_question).into_iter().collect();
    judge(&Question { stores: &stores, registered, code: Some(code), ask: &ask() })
}

fn code_for(pair: &str, cents: Option<i64>) -> CodeSays {
    let (scheme, channel) = ride(pair);
    let (acceptance, source) = (Acceptance::Accepted, Source::Code);
    CodeSays {
        accepted: Accepted::from_iter([Claim { scheme, channel, acceptance, source, as_of: NOW }]),
        amount: cents.map(|cents| Money::new(cents, Currency::EUR)),
    }
}

#[test]
fn what_a_code_says_fills_the_silence_of_a_list_and_never_overrules_the_store() {
    let code = code_for("tillsight/scan", None);
    for (list, expected) in [
        (Some(store(&[])), "active"),
        (Some(store(&["!tillsight/scan", "!tillsight/code"])), "store_does_not_take"),
        (None, "active"),
    ] {
        assert_eq!(states(&scanned(list.as_ref(), &[money()], &code)), [expected], "{list:?}");
    }
}

#[test]
fn the_amount_a_code_asks_for_is_what_balances_are_held_against() {
    let accepted = store(&["tillsight/scan"]);
    let answer = scanned(Some(&accepted), &[money()], &code_for("tillsight/scan", Some(2_001)));
    assert_eq!(states(&answer), ["balance_too_low"]);
}

#[test]
fn tills_of_two_currencies_compare_no_balances() {
    let accepted = store(&["tillsight/scan", "paypay/code"]);
    let till = |currency| StoreInQuestion { probability: 0.5, accepted: &accepted, currency };
    let registered = [
        money(),
        changed(a_pay(), |registered| {
            registered.balance =
                Some(Balance { left: Money::new(9_000, Currency::EUR), as_of: NOW });
            registered.times_used = 1;
        }),
    ];
    let ask = choosing(Choice::LargestBalance);
    let shown = |stores: &[StoreInQuestion<'_>]| {
        judge(&Question { stores, registered: &registered, code: None, ask: &ask }).active
    };
    assert_eq!(shown(&[till(Currency::EUR), till(Currency::EUR)]), [1]);
    assert_eq!(shown(&[till(Currency::EUR), till(Currency::CHF)]), [0]);
}

#[test]
fn the_likeliest_store_tells_the_reason_wherever_it_stands_in_the_list() {
    let (other_channel, refuses) =
        (store(&["paypay/scan", "!paypay/code"]), store(&["!paypay/code"]));
    let at =
        |probability, accepted| StoreInQuestion { probability, accepted, currency: Currency::EUR };
    for (stores, expected) in [
        ([at(0.8, &refuses), at(0.2, &other_channel)], "store_does_not_take"),
        ([at(0.2, &refuses), at(0.8, &other_channel)], "channel_not_offered"),
    ] {
        let question =
            Question { stores: &stores, registered: &[a_pay()], code: None, ask: &ask() };
        assert_eq!(states(&judge(&question)), [expected]);
    }
}

#[test]
fn every_reason_of_the_closed_list_has_its_own_word() {
    let mut words: Vec<String> =
        Reason::ALL.iter().map(|reason| serde_json::to_string(reason).unwrap()).collect();
    words.sort();
    words.dedup();
    assert_eq!(words.len(), Reason::ALL.len());
}
