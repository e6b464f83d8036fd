use std::collections::VecDeque;

use domain::Timestamp;

use super::{nearby::Place, plane::Point};
use crate::sensed::{Beacon, Sighting};

/// Beacons followed at a time: more are never heard within 45 m, and the weakest of them decide
/// nothing.
pub const MAX_TRACKS: usize = 32;

/// Sightings kept per beacon.
const SAMPLES: usize = 16;

/// A sighting handed over later than this after it was heard says where the phone was, not is.
const STALE_MS: i64 = 10_000;

/// Sightings of one beacon closer together than this are one (a burst on three channels).
const BURST_MS: i64 = 50;

/// Strength is the median over this window: slow fading lasts about 20 s, so a longer window would
/// average over more of it but lag behind a person walking in by as much.
const WINDOW_MS: i64 = 15_000;

/// After so much listening without hearing it, a beacon is out of range: the exit time of the
/// Android beacon library, used by every app built on it.
pub const SILENT_AFTER_MS: i64 = 30_000;

/// Path-loss exponent indoors: 2.45 measured on 150 access points of the mall walks.
const EXPONENT: f64 = 2.45;

/// Spread about the law, dB: 7.6 measured on the beacons of the mall walks.
const SPREAD_DB: f64 = 7.6;

/// What a wall between neighbours costs, dB: 3.25 with a spread of 3.55 at an office wall
/// (24 body and rotation pairs); a shop's wall and shelves cost somewhat more.
const WALL_DB: f64 = 5.0;

/// What the wall to the street costs, dB.
const FACADE_DB: f64 = 8.0;

/// What a floor costs, dB a floor, at most three: facts of the mall walks, 17 % of the beacons are
/// heard on more than one floor.
const FLOOR_DB: f64 = 15.0;

/// Typical distance to the beacon inside its store, metres: hung above head height, a few steps
/// away.
pub const INSIDE_M: f64 = 3.5;

/// Strength at 1 m when neither beacon nor register says it: what iBeacons ship with, dBm.
const USUAL_POWER_DBM: f64 = -59.0;

/// No single beacon may speak more than this against a store (nats): tails are heavier than the
/// law, bodies and shelves take 20 dB.
const MOST_AGAINST: f64 = -8.0;

/// One beacon followed over time.
#[derive(Clone, Debug)]
pub struct Track {
    pub beacon: Beacon,
    /// The store it is registered to; `None` for a number nobody registered.
    pub place: Option<Place>,
    samples: VecDeque<(Timestamp, i8)>,
    power_dbm: f64,
    /// When a one-time value last proved it.
    pub proven_at: Option<Timestamp>,
    pub last: Timestamp,
    /// How long the phone had listened in all when it was last heard.
    pub listened_ms: i64,
    /// Log likelihood per candidate, in the candidates' order.
    pub speaks: Vec<f64>,
    /// Predicted strength at 1 m = 0 dB, per candidate.
    predicted: Vec<f64>,
    /// Log likelihood that the phone is in none of the stores.
    pub none: f64,
}

impl Track {
    pub fn new(sighting: &Sighting, place: Option<Place>) -> Self {
        Self {
            beacon: sighting.beacon,
            place,
            samples: VecDeque::new(),
            power_dbm: USUAL_POWER_DBM,
            proven_at: None,
            last: sighting.seen_at,
            listened_ms: 0,
            speaks: Vec::new(),
            predicted: Vec::new(),
            none: 0.0,
        }
    }

    /// Takes a sighting; returns whether it adds anything.
    pub fn take(&mut self, now: Timestamp, sighting: &Sighting) -> bool {
        let age = now.millis_since(sighting.seen_at);
        if !(-1_000..=STALE_MS).contains(&age) {
            return false;
        }
        if let Some(power) = sighting.power_dbm {
            self.power_dbm = f64::from(power);
        }
        if sighting.proven {
            self.proven_at = Some(now);
        }
        let Some(rssi) = sighting.rssi_dbm else { return false };
        if let Some((newest, _)) = self.samples.back()
            && sighting.seen_at.millis_since(*newest) < BURST_MS
        {
            return false;
        }
        if self.samples.len() >= SAMPLES {
            self.samples.pop_front();
        }
        self.samples.push_back((sighting.seen_at, rssi));
        self.last = sighting.seen_at;
        true
    }

    /// Samples of the last [`WINDOW_MS`] before the newest, and their median relative to the
    /// strength at 1 m, dB.
    pub fn level(&self) -> Option<(usize, f64)> {
        let (newest, _) = *self.samples.back()?;
        let mut values = [0i8; SAMPLES];
        let mut count = 0;
        let recent = self.samples.iter().filter(|(at, _)| newest.millis_since(*at) <= WINDOW_MS);
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

    /// Whether the predictions are for this many stores.
    pub fn predicts(&self, stores: usize) -> bool {
        self.predicted.len() == stores
    }

    /// The stores are other ones now.
    pub fn forget_stores(&mut self) {
        self.predicted.clear();
        self.speaks.clear();
    }

    /// Recomputes what depends on the stores only: the strength each predicts for a phone in it,
    /// given the beacon's `own` place. Each store is whether the beacon is its own, where it is,
    /// and how many floors lie between.
    pub fn predict(&mut self, own: Point, stores: impl Iterator<Item = (bool, Point, f64)>) {
        self.predicted.clear();
        self.predicted.extend(stores.map(|(is_own, point, floors)| {
            let reach = (own.distance_squared(point) + INSIDE_M * INSIDE_M).sqrt();
            let wall = if is_own { 0.0 } else { WALL_DB };
            -10.0 * EXPONENT * libm::log10(reach) - wall - FLOOR_DB * floors.min(3.0)
        }));
    }

    /// Recomputes how the track speaks for and against each candidate.
    pub fn speak(&mut self) {
        self.speaks.clear();
        let Some((_, level)) = self.level() else { return };
        let against = |predicted: f64, spread: f64| {
            let off = (level - predicted) / spread;
            (-0.5 * off * off).max(MOST_AGAINST)
        };
        self.speaks.extend(self.predicted.iter().map(|&predicted| against(predicted, SPREAD_DB)));
        // On the pavement, about 8 m from the beacon and a facade in between.
        let outside = -10.0 * EXPONENT * libm::log10(8.0) - FACADE_DB;
        self.none = against(outside, SPREAD_DB + 2.0);
    }
}
