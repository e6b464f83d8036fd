//! What the fixes come to, in whatever order and however often they are handed over.

use domain::Position;

use super::street::{Street, at};
use crate::{
    entry::{Engine, Motion, Signal},
    sensed::{CheckedFix, Fix, FixProvider},
};

const NETWORK: Option<FixProvider> = Some(FixProvider::Network);
const SATELLITE: Option<FixProvider> = Some(FixProvider::Satellite);

/// Metres north of store 3.
fn north(metres: f64) -> Position {
    let store = Street::position(3);
    Position::from_degrees(store.lat() + metres / 111_195.0, store.lon()).unwrap()
}

/// Taken at `taken` seconds, handed over at once; `accuracy_m` is its radius.
fn fix(provider: Option<FixProvider>, taken: f64, at_m: f64, accuracy_m: f64) -> CheckedFix {
    let position = north(at_m);
    let fix = Fix {
        latitude: position.lat(),
        longitude: position.lon(),
        accuracy_m,
        taken_at_ms: at(taken).0,
        mocked: false,
        provider,
    };
    fix.check(at(taken)).unwrap()
}

/// A phone that lies still.
fn still() -> Engine {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Motion(Motion::Still), &Street);
    engine
}

fn take(engine: &mut Engine, now: f64, fix: CheckedFix) {
    engine.sense(at(now), &Signal::Fix(fix), &Street);
}

/// Metres from the estimate to store 3.
fn off(engine: &Engine) -> f64 {
    let at = engine.estimate().unwrap().position;
    let (north, east) = (at.lat() - north(0.0).lat(), at.lon() - north(0.0).lon());
    (north * 111_195.0).hypot(east * 82_760.0)
}

#[test]
fn ten_repeats_of_one_network_fix_are_one() {
    let mut engine = still();
    for second in 0..10 {
        let second = f64::from(second);
        take(&mut engine, second, fix(NETWORK, second, 300.0, 65.0));
    }
    take(&mut engine, 13.0, fix(SATELLITE, 13.0, 0.0, 12.0));
    assert!(off(&engine) < 15.0, "{} m off after one finer fix", off(&engine));
}

#[test]
fn coarse_fixes_that_agree_give_way_to_finer_ones_within_the_seconds_of_a_burst() {
    let mut engine = still();
    for second in 0..10 {
        let (second, aside) = (f64::from(second), f64::from(second % 3) * 4.0);
        take(&mut engine, second, fix(NETWORK, second, 300.0 + aside, 65.0));
    }
    for second in 13..20 {
        take(&mut engine, f64::from(second), fix(SATELLITE, f64::from(second), 0.0, 12.0));
    }
    assert!(off(&engine) < 15.0, "{} m off", off(&engine));
}

#[test]
fn a_receivers_fix_counts_just_after_and_well_behind_a_networks() {
    for behind in [-0.4, 0.3, 2.0] {
        let mut engine = still();
        for second in 10..16 {
            let second = f64::from(second);
            take(&mut engine, second, fix(NETWORK, second, 80.0, 40.0));
            let fine = fix(SATELLITE, second - behind, 0.0, 5.0);
            take(&mut engine, second + 0.4, fine);
        }
        assert!(off(&engine) < 5.0, "{} m off, {behind} s behind", off(&engine));
    }
}

#[test]
fn a_coarse_fix_just_after_a_fine_one_does_not_take_its_place() {
    let mut engine = still();
    take(&mut engine, 10.0, fix(SATELLITE, 10.0, 0.0, 5.0));
    take(&mut engine, 10.2, fix(NETWORK, 10.2, 80.0, 40.0));
    assert!(off(&engine) < 1.0, "{} m off", off(&engine));
}

#[test]
fn a_confident_jump_does_not_win_because_it_is_fine() {
    let mut engine = still();
    for second in 0..10 {
        let (second, aside) = (f64::from(second), f64::from(second % 3) * 3.0);
        take(&mut engine, second, fix(SATELLITE, second, aside, 12.0));
    }
    take(&mut engine, 10.0, fix(SATELLITE, 10.0, 200.0, 2.0));
    assert!(off(&engine) < 10.0, "{} m off", off(&engine));
}
