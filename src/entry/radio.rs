use std::collections::VecDeque;

use domain::Timestamp;

use super::{around::Store, hearing::Hearing, nearby::StorePosition, plane::Point};
use crate::sensed::{Beacon, Bssid};

/// Transmitters followed at a time, of each kind: more are never heard within 45 m, and the weakest
/// of them decide nothing.
pub const MAX_TRACKS: usize = 32;

/// Sightings kept per transmitter: a window full.
const SAMPLES: usize = 48;

/// Sightings of one transmitter closer together than this are one: fading changes with the body
/// and the room, not with the three channels of a burst, and the window has to fit.
const BURST_MS: i64 = 400;

/// After so much listening without hearing it, a beacon is out of range: the exit time of the
/// Android beacon library, used by every app built on it.
pub const SILENT_AFTER_MS: i64 = 30_000;

/// What floors cost, dB: the first, and each further one. ITU-R P.1238 for commercial buildings,
/// 6 + 3 (n - 1) dB near 2 GHz, read in ns-3's model of it (`ItuR1238PropagationLossModel`): stairs
/// and halls let radio through. In the mall walks a fifth of the beacons is heard on more than one
/// floor.
const FLOOR_DB: (f64, f64) = (6.0, 3.0);

/// What the facade to the street costs, dB: a shop window and half a wall.
const FACADE_DB: f64 = 8.0;

/// How far from the transmitter a person on the pavement is, metres: at the window, in the middle, at
/// the kerb of a wide one.
const PAVEMENT_M: [f64; 3] = [4.0, 8.0, 12.0];

/// No single transmitter may speak more than this against a store (nats): tails are heavier than
/// the law, bodies and shelves take 20 dB.
const MOST_AGAINST: f64 = -8.0;

/// A registered beacon is dead, stolen or switched off this often. An assumption: no public figure
/// was found.
const DEAD: f64 = 0.03;

/// How strength falls with distance for one kind of transmitter.
#[derive(Debug)]
pub struct Law {
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
    window_ms: i64,
    /// What is handed over later than this after it was heard says where the phone was, not is.
    stale_ms: i64,
}

/// Beacons. Exponent: 2.45, measured on the mall walks. Spread: 7.6 dB, measured there. Wall: 3.25
/// dB with a spread of 3.55 at an office wall, and shelves. Inside: hung above head height, a few
/// steps away. Power: what iBeacons ship with. Window: slow fading lasts about 20 s; longer
/// averages more of it but lags behind a person walking in by as much.
pub static BEACON: Law = Law {
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
pub static ACCESS_POINT: Law = Law {
    power_dbm: -42.0,
    exponent: 2.45,
    spread_db: 6.5,
    wall_db: 6.0,
    inside_m: 3.0,
    window_ms: 60_000,
    stale_ms: 35_000,
};

/// What is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transmitter {
    Beacon(Beacon),
    AccessPoint(Bssid),
}

/// One transmitter followed over time.
#[derive(Debug)]
pub struct Track {
    pub source: Transmitter,
    /// The store it is registered to; `None` for one nobody registered.
    pub place: Option<StorePosition>,
    law: &'static Law,
    samples: VecDeque<(Timestamp, i8)>,
    power_dbm: f64,
    level: Option<(usize, f64)>,
    /// When a one-time value last proved it.
    pub proven_at: Option<Timestamp>,
    pub last: Timestamp,
    /// Seconds of the present burst in which it was not heard.
    missed_s: u32,
    /// How long the phone had listened in all when it was last heard.
    pub listened_ms: i64,
    /// Log likelihood per store, in the stores' order.
    speaks: Vec<f32>,
    /// Predicted strength relative to that at 1 m, dB, per store.
    predicted: Vec<f32>,
    /// Log likelihood for a phone just outside the transmitter's store.
    outside: f64,
}

impl Track {
    pub fn new(source: Transmitter, place: Option<StorePosition>, last: Timestamp) -> Self {
        let law = match source {
            Transmitter::Beacon(_) => &BEACON,
            Transmitter::AccessPoint(_) => &ACCESS_POINT,
        };
        Self {
            source,
            place,
            law,
            samples: VecDeque::new(),
            power_dbm: law.power_dbm,
            level: None,
            proven_at: None,
            last,
            missed_s: 0,
            listened_ms: 0,
            speaks: Vec::new(),
            predicted: Vec::new(),
            outside: 0.0,
        }
    }

    /// Takes a strength heard at `seen_at`; returns whether it adds anything.
    pub fn take(&mut self, now: Timestamp, seen_at: Timestamp, rssi_dbm: Option<i8>) -> bool {
        if !(-1_000..=self.law.stale_ms).contains(&now.millis_since(seen_at)) {
            return false;
        }
        let Some(rssi) = rssi_dbm else { return false };
        if let Some((newest, _)) = self.samples.back()
            && seen_at.millis_since(*newest) < BURST_MS
        {
            return false;
        }
        if self.samples.len() >= SAMPLES {
            self.samples.pop_front();
        }
        self.samples.push_back((seen_at, rssi));
        self.last = seen_at;
        true
    }

    /// The transmitter says its own strength at 1 m, dBm.
    pub fn set_power(&mut self, power_dbm: i8) {
        self.power_dbm = f64::from(power_dbm);
    }

    /// Sightings in the window before the newest, and their median relative to the strength at
    /// 1 m, dB.
    pub fn level(&self) -> Option<(usize, f64)> {
        self.level
    }

    fn measure(&self) -> Option<(usize, f64)> {
        let (newest, _) = *self.samples.back()?;
        let mut values = [0i8; SAMPLES];
        let mut count = 0;
        let window = self.law.window_ms;
        let recent = self.samples.iter().filter(|(at, _)| newest.millis_since(*at) <= window);
        for ((_, rssi), slot) in recent.zip(&mut values) {
            *slot = *rssi;
            count += 1;
        }
        let values = values.get_mut(..count)?;
        values.sort_unstable();
        let upper = f64::from(*values.get(count / 2)?);
        let lower = f64::from(*values.get((count - 1) / 2)?);
        Some((count, (upper + lower) / 2.0 - self.power_dbm))
    }

    /// Sightings kept.
    #[cfg(test)]
    pub fn samples_held(&self) -> usize {
        self.samples.len()
    }

    /// Whether the predictions are for this many stores.
    pub fn predicts(&self, stores: usize) -> bool {
        self.predicted.len() == stores
    }

    /// The stores are other ones now.
    pub fn forget_stores(&mut self) {
        self.predicted.clear();
        self.speaks.clear();
    }

    /// Recomputes the strength each store predicts for a phone in it, from the store whose the
    /// transmitter is; where several have it registered, from the one that is heard best.
    pub fn predict(&mut self, stores: &[Store], is_owner: impl Fn(&Store) -> bool) {
        let law = self.law;
        self.predicted.clear();
        for own in stores.iter().filter(|store| is_owner(store)) {
            let predicted = stores.iter().map(|store| law.predict(own, store) as f32);
            if self.predicted.is_empty() {
                self.predicted.extend(predicted);
            } else {
                for (best, other) in self.predicted.iter_mut().zip(predicted) {
                    *best = best.max(other);
                }
            }
        }
    }

    /// Counts the seconds of a burst that began at `from` and lasts `seconds` by now in which it was
    /// not heard; whether that changed.
    pub fn miss(&mut self, burst: Option<(Timestamp, u32)>) -> bool {
        let missed_s = burst.map_or(0, |(from, seconds)| {
            let slots = self.samples.iter().map(|(at, _)| at.millis_since(from).div_euclid(1_000));
            let mut last = -1;
            let mut heard = 0;
            for slot in slots.filter(|slot| (0..i64::from(seconds)).contains(slot)) {
                heard += u32::from(slot != last);
                last = slot;
            }
            seconds - heard.min(seconds)
        });
        std::mem::replace(&mut self.missed_s, missed_s) != missed_s
    }

    /// Recomputes how the track speaks for and against each store.
    pub fn speak(&mut self) {
        self.speaks.clear();
        self.level = self.measure();
        let Some((count, level)) = self.level else { return };
        let outside =
            PAVEMENT_M.map(|away| -10.0 * self.law.exponent * libm::log10(away) - FACADE_DB);
        let any = |logs: [f64; 3]| libm::log(logs.map(libm::exp).iter().sum::<f64>() / 3.0);
        match self.source {
            Transmitter::Beacon(_) => {
                let power = self.power_dbm;
                let hearing = Hearing::new(Some((count, level + power)), self.missed_s);
                let against = |relative: f64| hearing.at(relative + power).max(MOST_AGAINST);
                let speaks = self.predicted.iter().map(|&db| against(f64::from(db)) as f32);
                self.speaks.extend(speaks);
                self.outside = any(outside.map(against));
            }
            Transmitter::AccessPoint(_) => {
                let against = |predicted: f64, spread: f64| {
                    let off = (level - predicted) / spread;
                    (-0.5 * off * off).max(MOST_AGAINST)
                };
                let spread = self.law.spread_db;
                let speaks = self.predicted.iter().map(|&db| against(f64::from(db), spread) as f32);
                self.speaks.extend(speaks);
                self.outside = any(outside.map(|predicted| against(predicted, spread)));
            }
        }
    }

    /// Adds the log likelihood of what was heard to that of each store.
    pub fn add_to(&self, heard: &mut [f64]) {
        for (sum, &speaks) in heard.iter_mut().zip(&self.speaks) {
            *sum += f64::from(speaks);
        }
    }

    /// How much likelier what was heard is just outside the transmitter's store than in it, where
    /// that store is at `index`; natural logarithm.
    pub fn step_outside(&self, index: usize) -> f64 {
        self.outside - self.speaks.get(index).copied().map_or(self.outside, f64::from)
    }
}

impl Law {
    /// Strength of a transmitter of `own` for a phone in `store`, relative to that at 1 m, dB.
    fn predict(&self, own: &Store, store: &Store) -> f64 {
        let wall = if own.key == store.key { 0.0 } else { self.wall_db };
        self.at(own.point, store.point) - wall - floors_db(own.level, store.level)
    }

    fn at(&self, one: Point, other: Point) -> f64 {
        let reach_squared = one.distance_squared(other) + self.inside_m * self.inside_m;
        // Half the squared distance's logarithm is the distance's.
        -5.0 * self.exponent * libm::log10(reach_squared)
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

/// Beacons that were listened for and not heard.
pub struct Silence(Hearing);

impl Silence {
    /// After this many seconds of listening.
    pub fn new(seconds: u32) -> Self {
        Self(Hearing::new(None, seconds).or(DEAD))
    }

    /// How much not hearing the beacon of `silent` speaks against a phone in `store`, as a natural
    /// logarithm.
    pub fn against(&self, silent: &Store, store: &Store) -> f64 {
        self.0.at(BEACON.power_dbm + BEACON.predict(silent, store))
    }
}

/// Farther than this, metres, silence says nothing: the law puts a beacon behind a wall at -113 dBm
/// there, and fewer than three in a hundred are heard.
pub const SILENCE_REACHES_M: f64 = 100.0;
