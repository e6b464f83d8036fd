//! What the judgement must hold to, signal by signal, in a small made-up street.

mod floors;
mod hostile;
mod malls;
mod outlines;
mod planning;
mod recorded;
mod walls;

use domain::{Position, StoreId, Timestamp};
use uuid::Uuid;

use super::{CodeRead, Details, Engine, Motion, Nearby, Place, Proof, Signal, State};
use crate::sensed::{Beacon, Bssid, CheckedFix, Fix, Sighting};

const START: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);

/// Six stores in a row, 9 m apart, running east; the odd ones have a beacon.
pub struct Street;

impl Street {
    pub fn position(store: i64) -> Position {
        Position::from_degrees(41.9, 12.5 + store as f64 * 9.0 / 82_760.0).unwrap()
    }

    pub fn id(store: i64) -> StoreId {
        StoreId(Uuid::from_u128(store.unsigned_abs().into()))
    }

    fn place(store: i64) -> Option<Place> {
        (1..=6).contains(&store).then(|| Place { key: store, position: Self::position(store) })
    }
}

impl Nearby for Street {
    fn within(&self, centre: Position, radius_m: f64, out: &mut Vec<Place>) {
        let plane = super::plane::Plane::at(centre);
        let origin = plane.point(centre);
        let near = |place: &Place| plane.point(place.position).distance(origin) <= radius_m;
        out.extend((1..=6).filter_map(Self::place).filter(near));
    }

    fn by_beacon(&self, beacon: Beacon) -> Option<Place> {
        let store = i64::from(beacon.major);
        Self::place(store).filter(|_| store % 2 == 1)
    }

    fn by_access_point(&self, address: Bssid) -> Option<Place> {
        let Bssid([2, 0, 0, 0, 0, store]) = address else { return None };
        Self::place(store.into())
    }

    fn by_id(&self, id: StoreId) -> Option<Place> {
        Self::place(i64::try_from(id.0.as_u128()).ok()?)
    }

    fn details(&self, keys: &[i64], out: &mut Vec<Details>) {
        out.extend(keys.iter().filter_map(|&key| Self::place(key)).map(|place| {
            Details {
                key: place.key,
                beacon: (place.key % 2 == 1)
                    .then(|| Beacon { major: place.key.unsigned_abs() as u16, minor: 1 }),
                access_points: vec![Bssid([2, 0, 0, 0, 0, place.key.unsigned_abs() as u8])],
                ..Details::default()
            }
        }));
    }
}

/// `seconds` after the start.
pub fn at(seconds: f64) -> Timestamp {
    Timestamp(START.0 + (seconds * 1_000.0) as i64)
}

pub fn fix(seconds: f64, position: Position, accuracy_m: f64) -> CheckedFix {
    let fix = Fix {
        latitude: position.lat(),
        longitude: position.lon(),
        accuracy_m,
        taken_at_ms: at(seconds).0,
        mocked: false,
    };
    fix.check(at(seconds)).unwrap()
}

pub fn sighting(seconds: f64, store: u16, rssi_dbm: i8) -> Signal {
    sighting_of(seconds, store, rssi_dbm, -59)
}

pub fn sighting_of(seconds: f64, store: u16, rssi_dbm: i8, power_dbm: i8) -> Signal {
    Signal::Beacon(Sighting {
        beacon: Beacon { major: store, minor: 1 },
        rssi_dbm: Some(rssi_dbm),
        power_dbm: Some(power_dbm),
        proven: false,
        seen_at: at(seconds),
    })
}

fn code(store: i64, proof: Proof) -> Signal {
    Signal::Code(CodeRead { store: Street::id(store), proof, touched: false })
}

fn signed(store: i64) -> Proof {
    Proof::Signed { place: Some((Street::position(store), 30.0)) }
}

/// Fixes at `store` and its beacon heard at `rssi_dbm`, once a second for ten seconds.
fn ten_seconds_at(engine: &mut Engine, store: i64, rssi_dbm: i8) {
    for second in 0..10 {
        let second = f64::from(second);
        let fix = Signal::Fix(fix(second, Street::position(store), 10.0));
        engine.sense(at(second), &fix, &Street);
        engine.sense(at(second), &sighting(second, store.unsigned_abs() as u16, rssi_dbm), &Street);
    }
}

#[test]
fn position_alone_never_says_here() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Street);
    for second in 0..120 {
        let fix = fix(f64::from(second), Street::position(3), 1.0);
        let judgement = engine.sense(at(f64::from(second)), &Signal::Fix(fix), &Street);
        assert_eq!(judgement.state, State::Choose);
    }
    assert_eq!(engine.judgement().candidates[0].key, 3);
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
    assert_eq!(engine.judgement().state, State::Here { key: 3 });
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
    assert_eq!((judgement.state, judgement.alarm), (State::Here { key: 2 }, None));

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
    assert_eq!(judgement.state, State::Here { key: 5 });
}

#[test]
fn in_range_without_a_strength_makes_a_candidate_and_no_more() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Street);
    for second in 0..30 {
        let event = crate::sensed::beacon::RegionEvent {
            beacon: Some(Beacon { major: 3, minor: 1 }),
            entered: true,
            at_ms: at(f64::from(second)).0,
        };
        let signal = Signal::Beacon(event.sighting().unwrap());
        let judgement = engine.sense(at(f64::from(second)), &signal, &Street);
        assert_eq!(judgement.state, State::Choose);
        assert!(judgement.candidates.iter().any(|candidate| candidate.key == 3));
    }
}

#[test]
fn the_stores_own_access_point_joined_says_here() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), &Street);
    engine.sense(at(0.0), &Signal::Fix(fix(0.0, Street::position(2), 15.0)), &Street);
    let joined = Some(Bssid([2, 0, 0, 0, 0, 2]));
    let scan = crate::sensed::WifiScan { joined, heard: Vec::new(), seen_at: at(1.0) };
    let judgement = engine.sense(at(1.0), &Signal::Wifi(scan), &Street);
    assert_eq!(judgement.state, State::Here { key: 2 });
}

#[test]
fn a_habit_orders_the_list_and_never_says_here() {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Visits(vec![(Street::id(5), 40)]), &Street);
    let judgement =
        engine.sense(at(0.0), &Signal::Fix(fix(0.0, Street::position(4), 15.0)), &Street);
    assert_eq!((judgement.state, judgement.candidates[0].key), (State::Choose, 5));
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
