//! Bad input: never a panic, never a growing queue, never "here" by contradiction.

use domain::Timestamp;
use proptest::prelude::*;

use super::street::{Street, at, code, fix, sighting, signed, ten_seconds_at};
use crate::{
    entry::{
        Details, Engine, Motion, Nearby, Proof, Signal, State, StoreKey, StorePosition,
        reception::MAX_TRACKS, surroundings::MAX_STORES,
    },
    sensed::{Beacon, Bssid, WifiScan},
};

fn here(state: State) -> bool {
    matches!(state, State::Here { .. })
}

#[test]
fn time_that_goes_back_forgets_what_was_sensed_and_goes_on() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Street);
    ten_seconds_at(&mut engine, 3, -66);
    assert!(here(engine.judgement().state));
    let hour_before = -3_600.0;
    let fix_then = Signal::Fix(fix(hour_before, Street::position(5), 10.0));
    let judgement = engine.sense(at(hour_before), &fix_then, &Street);
    assert_eq!((judgement.state, judgement.candidates[0].key), (State::Choose, StoreKey(5)));
}

#[test]
fn a_clock_a_year_wrong_and_set_right_again_still_judges() {
    let mut engine = Engine::new();
    let year = 365.0 * 86_400.0;
    for start in [0.0, year, 0.0, -year] {
        engine.sense(at(start), &Signal::Screen(true), &Street);
        for step in 0..10 {
            let seconds = start + f64::from(step);
            let fix = Signal::Fix(fix(seconds, Street::position(3), 10.0));
            engine.sense(at(seconds), &fix, &Street);
            engine.sense(at(seconds), &sighting(seconds, 3, -66), &Street);
        }
        assert_eq!(engine.judgement().state, State::Here { key: StoreKey(3) }, "from {start}");
    }
}

#[test]
fn the_ends_of_time_are_survived() {
    let mut engine = Engine::new();
    for now in [i64::MIN, i64::MAX, 0, i64::MAX, i64::MIN, -1] {
        engine.sense(Timestamp(now), &Signal::Fix(fix(0.0, Street::position(3), 10.0)), &Street);
        engine.sense(Timestamp(now), &sighting(0.0, 3, -66), &Street);
        engine.sense(Timestamp(now), &Signal::Scanning(true), &Street);
    }
}

#[test]
fn a_million_sightings_of_one_beacon_fill_nothing() {
    let mut engine = Engine::new();
    for step in 0..1_000_000u32 {
        let seconds = f64::from(step) / 1_000.0;
        engine.sense(at(seconds), &sighting(seconds, 3, -90), &Street);
    }
    let (tracks, sightings) = engine.reception.sizes();
    assert_eq!(tracks, 1);
    assert!(sightings <= 48);
}

#[test]
fn a_flood_of_unknown_beacons_and_access_points_stays_bounded() {
    let mut engine = Engine::new();
    for number in 100..20_000u16 {
        let seconds = f64::from(number) / 100.0;
        engine.sense(at(seconds), &sighting(seconds, number, -60), &Street);
        let [high, low] = number.to_be_bytes();
        let heard = (0..200).map(|last| (Bssid([9, 9, 9, high, low, last]), -50)).collect();
        let scan = WifiScan { joined: None, heard, seen_at: at(seconds) };
        engine.sense(at(seconds), &Signal::Wifi(scan), &Street);
    }
    assert!(engine.reception.sizes().0 <= 2 * MAX_TRACKS);
    assert!(engine.surroundings.stores().len() <= MAX_STORES);
    assert!(!here(engine.judgement().state));
}

#[test]
fn a_beacon_of_ours_far_from_the_fixes_does_not_say_here() {
    // Recorded and sent again at another place: store 3's beacon two kilometres away.
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Street);
    let elsewhere = domain::Position::from_degrees(41.92, 12.5).unwrap();
    for second in 0..30 {
        let second = f64::from(second);
        engine.sense(at(second), &Signal::Fix(fix(second, elsewhere, 10.0)), &Street);
        engine.sense(at(second), &sighting(second, 3, -60), &Street);
        assert!(!here(engine.judgement().state));
    }
}

#[test]
fn two_beacons_equally_strong_leave_it_open() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Street);
    for second in 0..60 {
        let second = f64::from(second);
        engine.sense(at(second), &sighting(second, 3, -60), &Street);
        engine.sense(at(second + 0.3), &sighting(second + 0.3, 5, -60), &Street);
        assert!(!here(engine.judgement().state), "after {second} s");
    }
}

#[test]
fn a_code_against_a_close_beacon_is_alarm_and_not_here() {
    let mut engine = Engine::new();
    let far = domain::Position::from_degrees(41.93, 12.5).unwrap();
    ten_seconds_at(&mut engine, 3, -60);
    let proof = Proof::Signed { place: Some((far, 30.0)) };
    let judgement = engine.sense(at(10.0), &code(6, proof), &Street);
    assert_ne!(judgement.state, State::Here { key: StoreKey(6) });
    assert!(judgement.alarm.is_some());
}

#[test]
fn a_copied_code_does_not_become_true_when_the_phone_comes_by_its_store() {
    let mut engine = Engine::new();
    let north = |metres: f64| {
        let degrees = metres / 111_195.0;
        domain::Position::from_degrees(41.9 + degrees, Street::position(3).lon()).unwrap()
    };
    engine.sense(at(0.0), &Signal::Fix(fix(0.0, north(300.0), 10.0)), &Street);
    assert!(engine.sense(at(1.0), &code(3, Proof::Unsigned), &Street).alarm.is_some());
    for second in 2..300 {
        let (second, metres) = (f64::from(second), 300.0 - f64::from(second));
        let fix = Signal::Fix(fix(second, north(metres.max(0.0)), 10.0));
        assert!(!here(engine.sense(at(second), &fix, &Street).state), "{metres} m off");
    }
    // Read again, where it hangs, it is one.
    assert!(here(engine.sense(at(300.0), &code(3, Proof::Unsigned), &Street).state));
}

#[test]
fn a_code_of_a_store_nobody_knows_changes_nothing_but_may_alarm() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Fix(fix(0.0, Street::position(3), 10.0)), &Street);
    let before = engine.judgement().candidates.clone();
    let judgement = engine.sense(at(0.0), &code(99, Proof::Unsigned), &Street);
    assert_eq!(judgement.candidates, before);
}

#[test]
fn a_signed_place_that_is_no_radius_is_not_believed_blindly() {
    for radius in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
        let mut engine = Engine::new();
        let far = domain::Position::from_degrees(41.91, 12.5).unwrap();
        engine.sense(at(0.0), &Signal::Fix(fix(0.0, far, 10.0)), &Street);
        let proof = Proof::Signed { place: Some((Street::position(3), radius)) };
        assert!(!here(engine.sense(at(0.0), &code(3, proof), &Street).state), "{radius}");
    }
}

#[test]
fn a_person_who_leaves_is_left() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Street);
    engine.sense(at(0.0), &Signal::Scanning(true), &Street);
    ten_seconds_at(&mut engine, 3, -66);
    assert!(here(engine.judgement().state));
    engine.sense(at(10.0), &Signal::Motion(Motion::Walking), &Street);
    for second in 10..60 {
        engine.sense(at(f64::from(second)), &Signal::Tick, &Street);
    }
    assert!(!here(engine.judgement().state));
}

#[test]
fn silence_counts_only_while_scanning_was_on() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Street);
    ten_seconds_at(&mut engine, 3, -66);
    for second in 10..120 {
        engine.sense(at(f64::from(second)), &Signal::Tick, &Street);
    }
    assert_eq!(engine.judgement().state, State::Here { key: StoreKey(3) });
}

/// Two stores 12 m apart that have the same beacon and the same access point registered.
struct Twins;

impl Twins {
    const BEACON: Beacon = Beacon { major: 1, minor: 1 };
    const POINT: Bssid = Bssid([2, 0, 0, 0, 0, 1]);

    fn place(key: i64) -> StorePosition {
        let north = if key == 1 { 0.0 } else { 12.0 };
        let position = domain::Position::from_degrees(41.9 + north / 111_195.0, 12.5).unwrap();
        StorePosition { key: StoreKey(key), position }
    }
}

impl Nearby for Twins {
    fn within(&self, _centre: domain::Position, _radius_m: f64, out: &mut Vec<StorePosition>) {
        out.extend([1, 2].map(Self::place));
    }
    fn by_beacon(&self, beacon: Beacon) -> Option<StorePosition> {
        (beacon == Self::BEACON).then(|| Self::place(1))
    }
    fn by_access_point(&self, address: Bssid) -> Option<StorePosition> {
        (address == Self::POINT).then(|| Self::place(1))
    }
    fn by_id(&self, _id: domain::StoreId) -> Option<StorePosition> {
        None
    }
    fn details(&self, keys: &[StoreKey], out: &mut Vec<Details>) {
        out.extend(keys.iter().map(|&key| Details {
            key,
            beacon: Some(Self::BEACON),
            access_points: vec![Self::POINT],
            ..Details::default()
        }));
    }
}

#[test]
fn a_sign_that_two_stores_have_registered_names_neither() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Twins);
    engine.sense(at(0.0), &Signal::Scanning(true), &Twins);
    let joined = WifiScan { joined: Some(Twins::POINT), heard: vec![], seen_at: at(0.0) };
    for second in 0..30 {
        let second = f64::from(second);
        let fix = Signal::Fix(fix(second, Twins::place(2).position, 10.0));
        for signal in [fix, sighting(second, 1, -62), Signal::Wifi(joined.clone())] {
            let judgement = engine.sense(at(second), &signal, &Twins);
            assert!(!here(judgement.state), "after {second} s of {signal:?}");
        }
    }
    let candidates = &engine.judgement().candidates;
    assert_eq!(candidates.first().map(|best| best.key), Some(StoreKey(2)), "{candidates:?}");
}

/// A hundred thousand stores at one position, each with the same beacon.
struct Heap;

impl Nearby for Heap {
    fn within(&self, _centre: domain::Position, _radius_m: f64, out: &mut Vec<StorePosition>) {
        let position = Street::position(3);
        out.extend((0..100_000).map(|key| StorePosition { key: StoreKey(key), position }));
    }
    fn by_beacon(&self, _beacon: Beacon) -> Option<StorePosition> {
        Some(StorePosition { key: StoreKey(99_999), position: Street::position(3) })
    }
    fn by_id(&self, _id: domain::StoreId) -> Option<StorePosition> {
        None
    }
    fn details(&self, keys: &[StoreKey], out: &mut Vec<Details>) {
        let beacon = Some(Beacon { major: 3, minor: 1 });
        out.extend(keys.iter().map(|&key| Details { key, beacon, ..Details::default() }));
    }
}

#[test]
fn a_hundred_thousand_stores_in_one_place_stay_bounded_and_open() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Heap);
    engine.sense(at(0.0), &Signal::Scanning(true), &Heap);
    for second in 0..12 {
        let second = f64::from(second);
        engine.sense(at(second), &Signal::Fix(fix(second, Street::position(3), 10.0)), &Heap);
        let judgement = engine.sense(at(second), &sighting(second, 3, -60), &Heap);
        assert!(!here(judgement.state));
        let sum: f64 = judgement.candidates.iter().map(|c| c.probability).sum();
        assert!(sum.is_finite() && sum <= 1.0 + 1e-6, "{sum}");
    }
    assert!(engine.surroundings.stores().len() <= MAX_STORES + MAX_TRACKS);
}

#[test]
fn a_fix_that_is_impossible_never_reaches_the_judgement() {
    for accuracy_m in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
        let fix = crate::sensed::Fix {
            latitude: 41.9,
            longitude: 12.5,
            accuracy_m,
            taken_at_ms: at(0.0).0,
            mocked: false,
            provider: None,
        };
        assert!(fix.check(at(0.0)).is_err(), "{accuracy_m}");
    }
}

#[test]
fn one_beacon_at_two_places_at_once_leaves_it_open() {
    // Store 3's beacon is copied: both are heard, in turn strong and weak, beside store 5's.
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Street);
    engine.sense(at(0.0), &Signal::Scanning(true), &Street);
    for step in 0..60 {
        let second = f64::from(step) * 0.5;
        let rssi = if step % 2 == 0 { -58 } else { -92 };
        engine.sense(at(second), &Signal::Fix(fix(second, Street::position(5), 8.0)), &Street);
        engine.sense(at(second), &sighting(second, 3, rssi), &Street);
        let judgement = engine.sense(at(second + 0.1), &sighting(second + 0.1, 5, -66), &Street);
        assert_ne!(judgement.state, State::Here { key: StoreKey(3) }, "after {second} s");
    }
}

fn any_signal() -> impl Strategy<Value = (i64, Signal)> {
    let seconds = prop_oneof![0i64..200_000, -10_000_000_000i64..10_000_000_000];
    let kind = (0u8..9, 0i64..8, -127i16..=127, 0.01f64..1_000.0);
    (seconds, kind).prop_map(|(ms, (kind, store, rssi, accuracy))| {
        let seconds = ms as f64 / 1_000.0;
        let signal = match kind {
            0 | 1 => Signal::Fix(fix(seconds, Street::position(store), accuracy)),
            2 | 3 => sighting(seconds, store as u16, rssi as i8),
            4 => code(store, if rssi > 0 { signed(store) } else { Proof::Unsigned }),
            5 => Signal::Motion(if rssi > 0 { Motion::Walking } else { Motion::Riding }),
            6 => Signal::Screen(rssi > 0),
            7 => Signal::Wifi(WifiScan {
                joined: (rssi > 0).then_some(Bssid([2, 0, 0, 0, 0, store as u8])),
                heard: vec![(Bssid([2, 0, 0, 0, 0, store as u8]), rssi as i8)],
                seen_at: at(seconds),
            }),
            _ => Signal::Scanning(rssi > 0),
        };
        (ms, signal)
    })
}

proptest! {
    #[test]
    fn probabilities_stay_probabilities_whatever_is_sensed(
        signals in proptest::collection::vec(any_signal(), 1..60)
    ) {
        let mut engine = Engine::new();
        for (ms, signal) in signals {
            let judgement = engine.sense(at(ms as f64 / 1_000.0), &signal, &Street);
            let sum: f64 = judgement.candidates.iter().map(|c| c.probability).sum();
            prop_assert!(judgement.candidates.len() <= 8);
            prop_assert!(judgement.offered().len() <= 5);
            prop_assert!(sum.is_finite() && sum + judgement.none_probability <= 1.0 + 1e-6);
            prop_assert!((0.0..=1.0).contains(&judgement.none_probability));
        }
    }

    #[test]
    fn the_same_signals_give_the_same_judgements(
        signals in proptest::collection::vec(any_signal(), 1..40)
    ) {
        let (mut one, mut other) = (Engine::new(), Engine::new());
        for (ms, signal) in signals {
            let now = at(ms as f64 / 1_000.0);
            prop_assert_eq!(one.sense(now, &signal, &Street), other.sense(now, &signal, &Street));
        }
    }
}
