//! How strength falls with distance, walls and floors.

use crate::entry::{projection::Point, surroundings::Store};

/// What floors cost, dB: the first, and each further one. ITU-R P.1238 for commercial buildings,
/// 6 + 3 (n - 1) dB near 2 GHz, read in ns-3's model of it (`ItuR1238PropagationLossModel`): stairs
/// and halls let radio through. In the mall walks a fifth of the beacons is heard on more than one
/// floor.
const FLOOR_DB: (f64, f64) = (6.0, 3.0);

/// What the facade to the street costs, dB: a shop window and half a wall.
const FACADE_DB: f64 = 8.0;

/// How far from the transmitter a person on the pavement is, metres: at the window, in the middle,
/// at the kerb of a wide one.
const PAVEMENT_M: [f64; 3] = [4.0, 8.0, 12.0];

/// How strength falls with distance for one kind of transmitter.
#[derive(Debug)]
pub struct Propagation {
    /// Strength at 1 m when nothing else says it, dBm.
    pub power_dbm: f64,
    /// Path-loss exponent.
    exponent: f64,
    /// Spread about the law, dB.
    pub spread_db: f64,
    /// What the wall between two stores costs, dB.
    wall_db: f64,
    /// Typical distance to the transmitter inside its store, metres.
    inside_m: f64,
    /// Strength is the median over this window, milliseconds.
    pub window_ms: i64,
    /// What is handed over later than this after it was heard says where the phone was, not is.
    pub stale_ms: i64,
}

/// Beacons. Exponent: 2.45, measured on the mall walks. Spread: 7.6 dB, measured there. Wall: 3.25
/// dB with a spread of 3.55 at an office wall, and shelves. Inside: hung above head height, a few
/// steps away. Power: what iBeacons ship with. Window: slow fading lasts about 20 s; longer
/// averages more of it but lags behind a person walking in by as much.
pub static BEACON: Propagation = Propagation {
    power_dbm: -59.0,
    exponent: 2.45,
    spread_db: 7.6,
    wall_db: 5.0,
    inside_m: 3.5,
    window_ms: 20_000,
    stale_ms: 10_000,
};

/// Access points. Exponent and a spread of 5.1 dB measured on 150 of them on the mall walks; the
/// spread is widened for their power, which nobody registers. Window: two of the scans Android
/// allows. Stale: Android hands over its last scan when asked, and scans every 30 s in use.
pub static ACCESS_POINT: Propagation = Propagation {
    power_dbm: -42.0,
    exponent: 2.45,
    spread_db: 6.5,
    wall_db: 6.0,
    inside_m: 3.0,
    window_ms: 60_000,
    stale_ms: 35_000,
};

impl Propagation {
    /// Strength of a transmitter of `own` for a phone in `store`, relative to that at 1 m, dB.
    pub fn inside(&self, own: &Store, store: &Store) -> f64 {
        let wall = if own.key == store.key { 0.0 } else { self.wall_db };
        self.between(own.point, store.point) - wall - floors_db(own.level, store.level)
    }

    fn between(&self, one: Point, other: Point) -> f64 {
        let reach_squared = one.distance_squared(other) + self.inside_m * self.inside_m;
        // Half the squared distance's logarithm is the distance's.
        -5.0 * self.exponent * libm::log10(reach_squared)
    }

    /// Strength on the pavement before the transmitter's store, relative to that at 1 m, dB: near,
    /// in the middle and far.
    pub fn on_the_pavement(&self) -> [f64; 3] {
        PAVEMENT_M.map(|away| -10.0 * self.exponent * libm::log10(away) - FACADE_DB)
    }
}

fn floors_db(one: Option<f32>, other: Option<f32>) -> f64 {
    let loss = |floors: f32| match floors {
        0.0 => 0.0,
        floors => FLOOR_DB.0 + FLOOR_DB.1 * f64::from((floors - 1.0).clamp(0.0, 2.0)),
    };
    match (one, other) {
        (Some(one), Some(other)) => loss((one - other).abs()),
        (None, None) => 0.0,
        // Maps mostly leave out the level of what is on the ground floor, but not always.
        (Some(level), None) | (None, Some(level)) => loss(level.abs()) / 2.0,
    }
}
