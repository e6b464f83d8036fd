//! How likely a method works over several stores: the range, its words and what it rests on.

use domain::{
    Acceptance, Accepted, Channel, Choice, Claim, Reason, Registered, SchemeId, Source, Timestamp,
    rule::{Basis, Chance, Standing, State, StoreToAsk},
};

use crate::cast::{
    NOW, a_pay, ask, card, changed, choosing, money, over, paying, registered, states, store,
    weighed,
};

/// How one method stands over stores with these probabilities.
fn one(stores: &[(&Accepted, f64)], method: Registered) -> Standing {
    weighed(stores, &[method], &ask()).standings.remove(0)
}

#[test]
fn the_chance_is_a_range_over_the_stores_in_which_silence_is_no_and_yes() {
    let (takes, refuses, silent) = (store(&["paypay/code"]), store(&["!paypay/code"]), store(&[]));
    for (stores, low, high, state) in [
        (vec![(&takes, 0.96), (&refuses, 0.04)], 958, 958, State::Active),
        (vec![(&takes, 0.97), (&silent, 0.03)], 968, 998, State::Active),
        (vec![(&takes, 0.8), (&refuses, 0.2)], 799, 799, State::Likely),
        (vec![(&takes, 0.6), (&silent, 0.4)], 599, 999, State::Unsure),
        (vec![(&takes, 0.5), (&refuses, 0.5)], 500, 500, State::Unsure),
        (vec![(&silent, 1.0)], 0, 1_000, State::Unsure),
        (vec![(&takes, 0.21), (&refuses, 0.79)], 211, 211, State::LikelyNot),
        (vec![(&refuses, 0.8), (&silent, 0.2)], 2, 202, State::LikelyNot),
        (vec![(&takes, 0.04), (&refuses, 0.96)], 42, 42, State::Inactive),
        // What the stores leave of the whole is a store of which nothing is known.
        (vec![(&takes, 0.7)], 698, 998, State::Unsure),
        (vec![(&refuses, 0.9)], 2, 102, State::LikelyNot),
    ] {
        let standing = one(&stores, a_pay());
        assert_eq!((standing.chance, standing.state), (Chance { low, high }, state), "{stores:?}");
    }
}

#[test]
fn a_judgement_that_is_no_probability_decides_nothing() {
    let takes = store(&["paypay/code"]);
    for wrong in [f64::NAN, f64::NEG_INFINITY, -1.0, 0.0] {
        assert_eq!(one(&[(&takes, wrong)], a_pay()).chance, Chance { low: 0, high: 1_000 });
    }
    let twice = one(&[(&takes, 1.0), (&takes, f64::INFINITY)], a_pay());
    assert_eq!(twice.chance, Chance { low: 998, high: 998 });
}

#[test]
fn one_improbable_neighbour_has_no_veto() {
    let (here, next_door) = (store(&["visa/contactless", "!paypay/code"]), store(&["paypay/code"]));
    let answer = weighed(&[(&here, 0.99), (&next_door, 0.01)], &[a_pay(), card()], &ask());
    assert_eq!(states(&answer), ["store_does_not_take", "active"]);
}

#[test]
fn the_basis_says_how_many_stores_take_it_who_says_so_and_since_when() {
    let claim = |acceptance, source, age_ms| {
        let (scheme, channel) = (SchemeId::new("paypay").unwrap(), Channel::Code);
        let as_of = Timestamp(NOW.0 - age_ms);
        Accepted::from_iter([Claim { scheme, channel, acceptance, source, as_of }])
    };
    let own = claim(Acceptance::Accepted, Source::Store, 5);
    let map = claim(Acceptance::Accepted, Source::OpenStreetMap, 3);
    let refuses = claim(Acceptance::Refused, Source::Register, 9);
    let silent = store(&[]);
    let stores = [(&own, 0.3), (&map, 0.3), (&refuses, 0.2), (&silent, 0.2)];
    let (source, as_of) = (Some(Source::OpenStreetMap), Some(Timestamp(NOW.0 - 5)));
    let basis = Basis { stores: 4, take: 2, refuse: 1, source, as_of };
    assert_eq!(one(&stores, a_pay()).basis, basis);
    let (source, as_of) = (Some(Source::Register), Some(Timestamp(NOW.0 - 9)));
    let basis = Basis { stores: 1, take: 0, refuse: 1, source, as_of };
    let refused = one(&[(&refuses, 1.0)], a_pay());
    assert_eq!((refused.basis, refused.by), (basis, None));
    assert_eq!(one(&[], a_pay()).basis, Basis::default());
}

#[test]
fn what_was_said_long_ago_is_likely_then_unsure_and_never_the_opposite() {
    let at = |days: i64, acceptance| {
        let (scheme, channel) = (SchemeId::new("visa").unwrap(), Channel::Contactless);
        let as_of = Timestamp(NOW.0 - days * 86_400_000);
        let source = Source::Register;
        Accepted::from_iter([Claim { scheme, channel, acceptance, source, as_of }])
    };
    for (days, taken, refused) in [
        (99, State::Active, State::Inactive),
        (150, State::Likely, State::LikelyNot),
        (233, State::Unsure, State::Unsure),
        (20_000, State::Unsure, State::Unsure),
    ] {
        let of = |acceptance| one(&[(&at(days, acceptance), 1.0)], card()).state;
        assert_eq!(of(Acceptance::Accepted), taken, "{days}");
        assert_eq!(of(Acceptance::Refused), refused, "{days}");
    }
    let silent = one(&[(&at(300, Acceptance::Accepted), 1.0)], card());
    assert_eq!((silent.reason, silent.by), (Some(Reason::StoreListUnknown), None));
}

#[test]
fn where_those_who_were_there_differ_it_is_unsure_for_that_reason_for_a_quarter() {
    let at = |days: i64, acceptance| {
        let (scheme, channel) = (SchemeId::new("visa").unwrap(), Channel::Contactless);
        let as_of = Timestamp(NOW.0 - days * 86_400_000);
        let source = Source::Members;
        Accepted::from_iter([Claim { scheme, channel, acceptance, source, as_of }])
    };
    let of = |days, acceptance| {
        let standing = one(&[(&at(days, acceptance), 1.0)], card());
        (standing.state, standing.reason)
    };
    assert_eq!(of(90, Acceptance::Differs), (State::Unsure, Some(Reason::ReportsDiffer)));
    assert_eq!(of(91, Acceptance::Differs), (State::Unsure, Some(Reason::StoreListUnknown)));
    assert_eq!(of(1, Acceptance::Likely), (State::Likely, None));
    assert_eq!(of(1, Acceptance::LikelyNot), (State::LikelyNot, Some(Reason::StoreDoesNotTake)));
    // Another store that takes it says more than two that differ there.
    let (takes, differ) = (store(&["visa/contactless"]), at(1, Acceptance::Differs));
    assert_eq!(one(&[(&takes, 0.6), (&differ, 0.4)], card()).reason, None);
}

#[test]
fn a_method_of_no_use_has_no_chance_wherever_it_is_shown() {
    let takes = store(&["paypay/code"]);
    let blocked = changed(a_pay(), |registered| registered.method.blocked = true);
    let standing = one(&[(&takes, 0.8)], blocked);
    assert_eq!((standing.state, standing.chance), (State::Inactive, Chance::default()));
    assert_eq!(standing.reason, Some(Reason::Blocked));
}

#[test]
fn a_choice_takes_an_active_method_before_a_likely_one_and_a_likely_one_before_none() {
    let (here, next_door) =
        (store(&["visa/contactless", "paypay/code"]), store(&["visa/contactless", "!paypay/code"]));
    let stores = [(&here, 0.8), (&next_door, 0.2)];
    let shown = |registered: &[Registered], choice| {
        let answer = weighed(&stores, registered, &choosing(choice));
        (answer.active, answer.likely, answer.active_not_chosen)
    };
    // The likely one is used more and holds less.
    let both = [a_pay(), card()];
    assert_eq!(shown(&both, Choice::All), (vec![1], vec![0], vec![]));
    assert_eq!(shown(&both, Choice::MostUsed), (vec![1], vec![], vec![0]));
    let two = [registered("Second", &["paypay/code"], 9_000, 1), a_pay()];
    assert_eq!(shown(&two, Choice::MostUsed), (vec![], vec![1], vec![0]));
    assert_eq!(shown(&two, Choice::LargestBalance), (vec![], vec![0], vec![1]));
}

#[test]
fn the_likeliest_of_the_likely_comes_first_however_often_it_is_used() {
    let (one, two, three) = (
        store(&["paypay/code", "visa/contactless"]),
        store(&["!paypay/code", "visa/contactless"]),
        store(&["!paypay/code", "!visa/contactless"]),
    );
    let stores = [(&one, 0.8), (&two, 0.1), (&three, 0.1)];
    let answer = weighed(&stores, &[a_pay(), card()], &ask());
    assert_eq!(answer.likely, [1, 0]);
}

#[test]
fn what_may_well_work_keeps_suggestions_away_and_an_improbable_store_does_not() {
    let (takes, other) = (store(&["paypay/code"]), store(&["!paypay/code", "suica/contactless"]));
    let suggested = |takes_it: f64| {
        let stores = [(&takes, takes_it), (&other, 1.0 - takes_it)];
        let answer = weighed(&stores, &[a_pay()], &ask());
        let schemes = answer.suggestions.iter();
        schemes.map(|one| (one.scheme.as_str().to_owned(), one.chance)).collect::<Vec<_>>()
    };
    assert_eq!(suggested(0.6), []);
    assert_eq!(suggested(0.1), [("suica".to_owned(), Chance { low: 898, high: 998 })]);
    // Not even likely here.
    assert_eq!(suggested(0.4), []);
}

#[test]
fn an_amount_turns_what_works_into_a_reason_of_the_methods_own() {
    let takes = store(&["tillsight/scan"]);
    let answer = over(&[&takes], &[money()], &paying(2_001));
    assert_eq!(states(&answer), ["balance_too_low"]);
    assert_eq!(answer.standings[0].basis.take, 1);
}

#[test]
fn the_store_asked_about_is_the_one_whose_answer_settles_most() {
    let silent = store(&[]);
    let one = store(&["visa/contactless", "!paypay/code"]);
    let both = store(&["visa/contactless", "paypay/code"]);
    let neither = store(&["!visa/contactless", "!paypay/code"]);
    let asked =
        |stores: &[(&Accepted, f64)]| weighed(stores, &[a_pay(), card()], &ask()).store_to_ask;
    // The likeliest would settle nothing, whatever the answer.
    let stores = [(&silent, 0.5), (&both, 0.2), (&neither, 0.3)];
    assert_eq!(asked(&stores), Some(StoreToAsk { store: 2, settles: 2 }));
    // A no leaves the other one alone, which settles both as well: the likelier is asked about.
    assert_eq!(asked(&[(&both, 0.4), (&neither, 0.6)]), Some(StoreToAsk { store: 1, settles: 2 }));
    // What they agree on is settled before.
    assert_eq!(asked(&[(&one, 0.5), (&both, 0.5)]), Some(StoreToAsk { store: 0, settles: 1 }));
    for settled in [
        vec![],
        vec![(&both, 1.0)],
        vec![(&silent, 0.6), (&silent, 0.4)],
        vec![(&both, 0.99), (&neither, 0.01)],
    ] {
        assert_eq!(asked(&settled), None, "{settled:?}");
    }
    // A method that does not work anyway is no reason to ask.
    let blocked = changed(a_pay(), |registered| registered.method.blocked = true);
    let answer = weighed(&[(&both, 0.5), (&neither, 0.5)], &[blocked], &ask());
    assert_eq!(answer.store_to_ask, None);
}
