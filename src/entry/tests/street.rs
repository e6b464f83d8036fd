//! A small made-up street and what a phone notices in it.

use domain::{Position, StoreId, Timestamp};
use uuid::Uuid;

use crate::{
    entry::{
        CodeRead, Details, Engine, Nearby, Proof, Signal, StoreKey, StorePosition,
        projection::Projection,
    },
    sensed::{Beacon, Bssid, CheckedFix, Fix, Sighting},
};

pub const START: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);

/// Six stores in a row, 9 m apart, running east; the odd ones have a beacon.
pub struct Street;

impl Street {
    pub fn position(store: i64) -> Position {
        Position::from_degrees(41.9, 12.5 + store as f64 * 9.0 / 82_760.0).unwrap()
    }

    pub fn id(store: i64) -> StoreId {
        StoreId(Uuid::from_u128(store.unsigned_abs().into()))
    }

    fn place(store: i64) -> Option<StorePosition> {
        (1..=6)
            .contains(&store)
            .then(|| StorePosition { key: StoreKey(store), position: Self::position(store) })
    }
}

impl Nearby for Street {
    fn within(&self, centre: Position, radius_m: f64, out: &mut Vec<StorePosition>) {
        let plane = Projection::at(centre);
        let origin = plane.point(centre);
        let near = |place: &StorePosition| plane.point(place.position).distance(origin) <= radius_m;
        out.extend((1..=6).filter_map(Self::place).filter(near));
    }

    fn by_beacon(&self, beacon: Beacon) -> Option<StorePosition> {
        let store = i64::from(beacon.major);
        Self::place(store).filter(|_| store % 2 == 1)
    }

    fn by_access_point(&self, address: Bssid) -> Option<StorePosition> {
        let Bssid([2, 0, 0, 0, 0, store]) = address else { return None };
        Self::place(store.into())
    }

    fn by_id(&self, id: StoreId) -> Option<StorePosition> {
        Self::place(i64::try_from(id.0.as_u128()).ok()?)
    }

    fn details(&self, keys: &[StoreKey], out: &mut Vec<Details>) {
        out.extend(keys.iter().filter_map(|&key| Self::place(key.0)).map(|place| {
            Details {
                key: place.key,
                beacon: (place.key.0 % 2 == 1)
                    .then(|| Beacon { major: place.key.0.unsigned_abs() as u16, minor: 1 }),
                access_points: vec![Bssid([2, 0, 0, 0, 0, place.key.0.unsigned_abs() as u8])],
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
        provider: None,
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

pub fn code(store: i64, proof: Proof) -> Signal {
    Signal::Code(CodeRead { store: Street::id(store), proof, touched: false })
}

pub fn signed(store: i64) -> Proof {
    Proof::Signed { place: Some((Street::position(store), 30.0)) }
}

/// Fixes at `store` and its beacon heard at `rssi_dbm`, once a second for ten seconds.
pub fn ten_seconds_at(engine: &mut Engine, store: i64, rssi_dbm: i8) {
    for second in 0..10 {
        let second = f64::from(second);
        let fix = Signal::Fix(fix(second, Street::position(store), 10.0));
        engine.sense(at(second), &fix, &Street);
        engine.sense(at(second), &sighting(second, store.unsigned_abs() as u16, rssi_dbm), &Street);
    }
}
