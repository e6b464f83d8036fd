//! What each signal does to the judgement, in the made-up street.

use domain::Position;

use super::street::{Street, at, code, fix, signed, ten_seconds_at};
use crate::{
    entry::{Engine, Evidence, Judgement, Motion, Proof, Signal, State, StoreKey},
    sensed::{Beacon, Bssid, Fix, MockedFixes, WifiScan, beacon::RegionEvent},
};

#[test]
fn position_alone_never_says_here() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Street);
    for second in 0..120 {
        let fix = fix(f64::from(second), Street::position(3), 1.0);
        let judgement = engine.sense(at(f64::from(second)), &Signal::Fix(fix), &Street);
        assert_eq!(judgement.state, State::Choose);
    }
    assert_eq!(engine.judgement().candidates[0].key, StoreKey(3));
}

#[test]
fn candidates_come_likeliest_first_and_add_up_to_at_most_one() {
    let mut engine = Engine::new();
    let judgement =
        engine.sense(at(0.0), &Signal::Fix(fix(0.0, Street::position(2), 8.0)), &Street);
    let sorted =
        judgement.candidates.is_sorted_by(|one, other| one.probability >= other.probability);
    assert!(sorted, "{:?}", judgement.candidates);
    let sum: f64 = judgement.candidates.iter().map(|c| c.probability).sum();
    assert!(sum + judgement.none_probability <= 1.0 + 1e-9);
    assert_eq!(judgement.candidates[0].distance_m.map(f64::round), Some(0.0));
    assert!((3..=5).contains(&judgement.offered().len()));
}

#[test]
fn a_beacon_heard_close_says_here() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Street);
    ten_seconds_at(&mut engine, 3, -66);
    assert_eq!(engine.judgement().state, State::Here { key: StoreKey(3) });
}

#[test]
fn a_beacon_heard_far_leaves_it_open() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Street);
    ten_seconds_at(&mut engine, 3, -88);
    assert_eq!(engine.judgement().state, State::Choose);
}

#[test]
fn a_passer_by_is_not_in_the_store() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Motion(Motion::Walking), &Street);
    ten_seconds_at(&mut engine, 3, -66);
    assert!(!matches!(engine.judgement().state, State::Here { .. }));
}

#[test]
fn a_signed_code_in_its_place_says_here_and_elsewhere_raises_the_alarm() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Fix(fix(0.0, Street::position(2), 10.0)), &Street);
    let judgement = engine.sense(at(1.0), &code(2, signed(2)), &Street);
    assert_eq!((judgement.state, judgement.alarm), (State::Here { key: StoreKey(2) }, None));

    let far = Position::from_degrees(41.91, 12.5).unwrap();
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Fix(fix(0.0, far, 10.0)), &Street);
    let judgement = engine.sense(at(1.0), &code(2, signed(2)), &Street);
    assert!(!matches!(judgement.state, State::Here { .. }));
    assert_eq!(judgement.alarm.map(|alarm| alarm.code_says), Some(Street::id(2)));
}

#[test]
fn a_code_alone_never_says_here() {
    for proof in [Proof::Unsigned, Proof::Broken, Proof::Signed { place: None }, signed(4)] {
        let judgement_state = Engine::new().sense(at(0.0), &code(4, proof), &Street).state;
        assert!(!matches!(judgement_state, State::Here { .. }), "{proof:?}");
    }
}

#[test]
fn the_members_choice_says_here_where_the_store_is() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Fix(fix(0.0, Street::position(2), 10.0)), &Street);
    let judgement = engine.sense(at(1.0), &Signal::Chosen(Street::id(5)), &Street);
    assert_eq!(judgement.state, State::Here { key: StoreKey(5) });
}

#[test]
fn what_the_member_says_no_to_gives_way_to_the_next_until_it_is_chosen() {
    let mut engine = Engine::new();
    let fixed = Signal::Fix(fix(0.0, Street::position(2), 10.0));
    let first = |judgement: &Judgement| judgement.candidates[0].key;
    assert_eq!(first(engine.sense(at(0.0), &fixed, &Street)), StoreKey(2));
    let denied = engine.sense(at(1.0), &Signal::Denied(Street::id(2)), &Street);
    assert_eq!(denied.state, State::Choose);
    assert_ne!(first(denied), StoreKey(2));
    assert!(denied.in_question().iter().all(|candidate| candidate.key != StoreKey(2)));
    let nobody = engine.sense(at(1.5), &Signal::Denied(Street::id(77)), &Street);
    assert_ne!(first(nobody), StoreKey(2));
    let chosen = engine.sense(at(2.0), &Signal::Chosen(Street::id(2)), &Street);
    assert_eq!(chosen.state, State::Here { key: StoreKey(2) });
    // A no takes the choice back.
    engine.sense(at(3.0), &Signal::Denied(Street::id(2)), &Street);
    let later = engine.sense(at(20.0), &Signal::Tick, &Street);
    assert!(!matches!(later.state, State::Here { .. }), "{later:?}");
}

#[test]
fn in_range_without_a_strength_makes_a_candidate_and_no_more() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Street);
    for second in 0..30 {
        let event = RegionEvent {
            beacon: Some(Beacon { major: 3, minor: 1 }),
            entered: true,
            at_ms: at(f64::from(second)).0,
        };
        let signal = Signal::Beacon(event.sighting().unwrap());
        let judgement = engine.sense(at(f64::from(second)), &signal, &Street);
        assert_eq!(judgement.state, State::Choose);
        assert!(judgement.candidates.iter().any(|candidate| candidate.key == StoreKey(3)));
    }
}

#[test]
fn the_stores_own_access_point_joined_says_here() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Street);
    engine.sense(at(0.0), &Signal::Fix(fix(0.0, Street::position(2), 15.0)), &Street);
    let joined = Some(Bssid([2, 0, 0, 0, 0, 2]));
    let scan = WifiScan { joined, heard: Vec::new(), seen_at: at(1.0) };
    let judgement = engine.sense(at(1.0), &Signal::Wifi(scan), &Street);
    assert_eq!(judgement.state, State::Here { key: StoreKey(2) });
}

#[test]
fn a_habit_orders_the_list_and_never_says_here() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Visits(vec![(Street::id(5), 40)]), &Street);
    let judgement =
        engine.sense(at(0.0), &Signal::Fix(fix(0.0, Street::position(4), 15.0)), &Street);
    assert_eq!((judgement.state, judgement.candidates[0].key), (State::Choose, StoreKey(5)));
}

#[test]
fn an_over_confident_jump_does_not_move_the_judgement() {
    let mut engine = Engine::new();
    for second in 0..10 {
        let second = f64::from(second);
        engine.sense(at(second), &Signal::Fix(fix(second, Street::position(2), 12.0)), &Street);
    }
    // 200 m off, claiming 2 m.
    let jump = Position::from_degrees(41.9018, 12.5).unwrap();
    let judgement = engine.sense(at(10.0), &Signal::Fix(fix(10.0, jump, 2.0)), &Street);
    assert!(judgement.candidates[0].distance_m.unwrap() < 15.0, "{:?}", judgement.candidates);
}

#[test]
fn a_simulated_position_is_evidence_of_its_own_until_its_fixes_are_forgotten() {
    let simulated = |judgement: &Judgement| {
        let mut evidence = judgement.candidates.iter().map(|candidate| candidate.evidence);
        evidence.all(|evidence| evidence.contains(Evidence::SIMULATED))
    };
    let mut engine = Engine::new();
    let fix_at = |seconds: f64, mocked| {
        let position = Street::position(3);
        let fix = Fix {
            latitude: position.lat(),
            longitude: position.lon(),
            accuracy_m: 10.0,
            taken_at_ms: at(seconds).0,
            mocked,
            provider: None,
        };
        Signal::Fix(fix.check_with(at(seconds), MockedFixes::Accepted).unwrap())
    };
    assert!(simulated(engine.sense(at(0.0), &fix_at(0.0, true), &Street)));
    assert!(simulated(engine.sense(at(2.0), &fix_at(2.0, false), &Street)));
    assert!(!simulated(engine.sense(at(60.0), &fix_at(60.0, false), &Street)));
}

#[test]
fn ten_fixes_in_ten_seconds_are_not_ten_proofs() {
    let sure = |fixes: i32| {
        let mut engine = Engine::new();
        for second in 0..fixes {
            let second = f64::from(second);
            engine.sense(at(second), &Signal::Fix(fix(second, Street::position(3), 15.0)), &Street);
        }
        engine.judgement().candidates[0].probability
    };
    assert!(sure(10) < sure(1) * 1.2, "{} after ten, {} after one", sure(10), sure(1));
}
