//! Stores that cover ground.

use domain::{Position, StoreId};

use super::street::{at, fix};
use crate::{
    entry::{
        Details, Engine, Judgement, Nearby, Signal, StoreKey, StorePosition,
        projection::{Point, Projection},
    },
    sensed::Beacon,
};

const HALL: StoreKey = StoreKey(1);
const KIOSK: StoreKey = StoreKey(2);

/// A hall of 80 m by 40 m with its position in the middle, and a kiosk 8 m before its east side.
struct Market {
    /// The kiosk stands in the hall's building, and the register knows only that.
    one_building: bool,
}

fn plane() -> Projection {
    Projection::at(Position::from_degrees(41.9, 12.5).unwrap())
}

fn position(x: f64, y: f64) -> Position {
    plane().position(Point { x, y })
}

impl Nearby for Market {
    fn within(&self, _centre: Position, _radius_m: f64, out: &mut Vec<StorePosition>) {
        out.push(StorePosition { key: HALL, position: position(0.0, 0.0) });
        out.push(StorePosition { key: KIOSK, position: position(48.0, 0.0) });
    }
    fn by_beacon(&self, _beacon: Beacon) -> Option<StorePosition> {
        None
    }
    fn by_id(&self, _id: StoreId) -> Option<StorePosition> {
        None
    }
    fn details(&self, keys: &[StoreKey], out: &mut Vec<Details>) {
        let corners = [(-40.0, -20.0), (40.0, -20.0), (40.0, 20.0), (-40.0, 20.0)];
        let hall: Vec<Position> = corners.map(|(x, y)| position(x, y)).to_vec();
        out.extend(keys.iter().map(|&key| Details {
            key,
            footprint: if key == HALL || self.one_building { hall.clone() } else { Vec::new() },
            ..Details::default()
        }));
    }
}

/// With ten seconds of fixes at this point, while listening.
fn at_point(market: &Market, x: f64) -> Judgement {
    let mut engine = Engine::new();
    engine.sense(at(0.0), &Signal::Screen(true), market);
    engine.sense(at(0.0), &Signal::Scanning(true), market);
    for second in 0..10 {
        let second = f64::from(second);
        engine.sense(at(second), &Signal::Fix(fix(second, position(x, 0.0), 6.0)), market);
    }
    engine.judgement().clone()
}

#[test]
fn at_the_far_end_of_a_hall_the_hall_comes_before_the_kiosk_outside() {
    let judgement = at_point(&Market { one_building: false }, 32.0);
    let [hall, kiosk] = &judgement.candidates[..] else { panic!("{judgement:?}") };
    assert_eq!((hall.key, hall.distance_m), (HALL, Some(0.0)));
    assert_eq!((kiosk.key, kiosk.distance_m.map(f64::round)), (KIOSK, Some(16.0)));
}

#[test]
fn before_the_kiosk_the_kiosk_comes_first_although_the_hall_is_large() {
    let judgement = at_point(&Market { one_building: false }, 48.0);
    let [kiosk, hall] = &judgement.candidates[..] else { panic!("{judgement:?}") };
    assert_eq!((kiosk.key, hall.key), (KIOSK, HALL));
    assert_eq!(hall.distance_m.map(f64::round), Some(8.0));
}

#[test]
fn an_outline_that_two_stores_share_makes_neither_nearer() {
    let judgement = at_point(&Market { one_building: true }, 32.0);
    let [kiosk, hall] = &judgement.candidates[..] else { panic!("{judgement:?}") };
    assert_eq!((kiosk.key, kiosk.distance_m.map(f64::round)), (KIOSK, Some(16.0)));
    assert_eq!((hall.key, hall.distance_m.map(f64::round)), (HALL, Some(32.0)));
}
