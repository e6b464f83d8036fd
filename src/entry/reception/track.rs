//! One transmitter followed over time, and what it says of each store.

use std::collections::VecDeque;

use domain::Timestamp;

use super::{
    listening::Burst,
    propagation::{ACCESS_POINT, BEACON, Propagation},
    strength::Likelihood,
};
use crate::entry::{nearby::StorePosition, surroundings::Surroundings, transmitter::Transmitter};

/// Sightings kept per transmitter: a window full.
const SAMPLES: usize = 48;

/// Sightings of one transmitter closer together than this, milliseconds, are one: fading changes
/// with the body and the room, not with the three channels of an advertising event, and the window
/// has to fit.
const SAME_SIGHTING_MS: i64 = 400;

/// What was heard at most so long ahead of the phone's clock was heard now, milliseconds.
const LEAD_MS: i64 = 1_000;

/// No single transmitter may speak more than this against a store (nats): tails are heavier than
/// the law, bodies and shelves take 20 dB.
const MOST_AGAINST: f64 = -8.0;

/// The middle of the recent sightings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// How many there are.
    pub sightings: usize,
    /// Their median strength relative to the transmitter's at 1 m, dB.
    pub relative_db: f64,
}

/// One transmitter followed over time.
#[derive(Debug)]
pub struct Track {
    pub source: Transmitter,
    /// The store it is registered to; `None` for one nobody registered.
    pub store: Option<StorePosition>,
    /// When a one-time value last proved it.
    pub proven_at: Option<Timestamp>,
    pub last: Timestamp,
    /// How long the phone had listened in all when it was last heard, milliseconds.
    pub listened_ms: i64,
    law: &'static Propagation,
    samples: VecDeque<(Timestamp, i8)>,
    power_dbm: f64,
    /// Sightings in the window before the newest, and their median, dBm.
    median: Option<(usize, f64)>,
    /// Seconds of the present burst in which it was not heard.
    missed_s: u32,
    /// Grows with everything that changes what it says.
    revision: u64,
    /// Predicted strength in each store relative to that at 1 m, dB, for the surroundings of this
    /// revision.
    predicted: (Option<u64>, Vec<f32>),
    /// Log likelihood of what was heard for a phone in each store, for the surroundings and the
    /// track of these revisions.
    inside: (Option<(u64, u64)>, Vec<f32>),
    /// The same for a phone just outside the transmitter's store.
    outside: f64,
}

impl Track {
    pub fn new(source: Transmitter, store: Option<StorePosition>, last: Timestamp) -> Self {
        let law = match source {
            Transmitter::Beacon(_) => &BEACON,
            Transmitter::AccessPoint(_) => &ACCESS_POINT,
        };
        Self {
            source,
            store,
            proven_at: None,
            last,
            listened_ms: 0,
            law,
            samples: VecDeque::new(),
            power_dbm: law.power_dbm,
            median: None,
            missed_s: 0,
            revision: 0,
            predicted: (None, Vec::new()),
            inside: (None, Vec::new()),
            outside: 0.0,
        }
    }

    /// The store it is registered to is another one now, or none.
    pub fn register(&mut self, store: Option<StorePosition>) {
        self.store = store;
        self.predicted = (None, Vec::new());
        self.inside = (None, Vec::new());
    }

    pub fn is_beacon(&self) -> bool {
        matches!(self.source, Transmitter::Beacon(_))
    }

    /// Takes a strength heard at `seen_at`; returns whether it adds anything.
    pub fn take(&mut self, now: Timestamp, seen_at: Timestamp, rssi_dbm: Option<i8>) -> bool {
        if !(-LEAD_MS..=self.law.stale_ms).contains(&now.millis_since(seen_at)) {
            return false;
        }
        let Some(rssi) = rssi_dbm else { return false };
        if let Some((newest, _)) = self.samples.back()
            && seen_at.millis_since(*newest) < SAME_SIGHTING_MS
        {
            return false;
        }
        if self.samples.len() >= SAMPLES {
            self.samples.pop_front();
        }
        self.samples.push_back((seen_at, rssi));
        self.last = seen_at;
        self.median = self.measure(seen_at);
        self.revision += 1;
        true
    }

    fn measure(&self, newest: Timestamp) -> Option<(usize, f64)> {
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
        Some((count, (upper + lower) / 2.0))
    }

    /// The transmitter says its own strength at 1 m, dBm.
    pub fn set_power(&mut self, power_dbm: i8) {
        self.power_dbm = f64::from(power_dbm);
        self.revision += 1;
    }

    /// The sightings in the window before the newest.
    pub fn level(&self) -> Option<Level> {
        let (sightings, median_dbm) = self.median?;
        Some(Level { sightings, relative_db: median_dbm - self.power_dbm })
    }

    /// Sightings kept.
    #[cfg(test)]
    pub fn sample_count(&self) -> usize {
        self.samples.len()
    }

    /// Counts the seconds of a burst in which it was not heard; returns whether that changed.
    pub fn miss(&mut self, burst: Option<Burst>) -> bool {
        let missed_s = burst.map_or(0, |burst| self.missed_in(burst));
        let changed = std::mem::replace(&mut self.missed_s, missed_s) != missed_s;
        self.revision += u64::from(changed);
        changed
    }

    fn missed_in(&self, Burst { from, seconds }: Burst) -> u32 {
        let slots = self.samples.iter().map(|(at, _)| at.millis_since(from).div_euclid(1_000));
        let mut last = -1;
        let mut heard = 0;
        for slot in slots.filter(|slot| (0..i64::from(seconds)).contains(slot)) {
            heard += u32::from(slot != last);
            last = slot;
        }
        seconds - heard.min(seconds)
    }

    /// Brings what the track says of each store up to date.
    pub fn weigh(&mut self, around: &Surroundings) {
        if self.store.is_none() || self.inside.0 == Some((around.revision(), self.revision)) {
            return;
        }
        self.predict(around);
        self.inside.0 = Some((around.revision(), self.revision));
        self.inside.1.clear();
        let Some((count, median_dbm)) = self.median else { return };
        let (power_dbm, spread_db) = (self.power_dbm, self.law.spread_db);
        match self.source {
            Transmitter::Beacon(_) => {
                let likelihood = Likelihood::new(Some((count, median_dbm)), self.missed_s);
                self.compare(|predicted_db| likelihood.at(predicted_db + power_dbm));
            }
            Transmitter::AccessPoint(_) => self.compare(|predicted_db| {
                let off = (median_dbm - power_dbm - predicted_db) / spread_db;
                -0.5 * off * off
            }),
        }
    }

    /// Compares what was heard with what is predicted, by the log likelihood of a strength predicted
    /// relative to that at 1 m, dB.
    fn compare(&mut self, log: impl Fn(f64) -> f64) {
        let against = |predicted_db: f64| log(predicted_db).max(MOST_AGAINST);
        let logs = self.predicted.1.iter().map(|&predicted_db| against(predicted_db.into()) as f32);
        self.inside.1.extend(logs);
        let outside = self.law.on_the_pavement().map(|db| libm::exp(against(db)));
        self.outside = libm::log(outside.iter().sum::<f64>() / 3.0);
    }

    /// Predicts the strength for a phone in each store, from the store that owns the transmitter;
    /// where several have it registered, from the one that is heard best.
    fn predict(&mut self, around: &Surroundings) {
        if self.predicted.0 == Some(around.revision()) {
            return;
        }
        let (key, source) = (self.store.map(|store| store.key), Some(self.source));
        let shared = around.shares(self.source);
        let owners = around.stores().iter().filter(|store| {
            let its = store.beacon.map(Transmitter::Beacon) == source;
            Some(store.key) == key || (shared && its)
        });
        let (revision, best) = &mut self.predicted;
        *revision = Some(around.revision());
        best.clear();
        for owner in owners {
            let law = self.law;
            let predicted =
                around.stores().iter().map(move |store| law.inside(owner, store) as f32);
            if best.is_empty() {
                best.extend(predicted);
            } else {
                best.iter_mut().zip(predicted).for_each(|(best, other)| *best = best.max(other));
            }
        }
    }

    /// Adds the log likelihood of what was heard to that of each store.
    pub fn add_to(&self, logs: &mut [f64]) {
        for (sum, &log) in logs.iter_mut().zip(&self.inside.1) {
            *sum += f64::from(log);
        }
    }

    /// How much likelier what was heard is just outside the transmitter's store than in it, where
    /// that store is at `index`; natural logarithm.
    pub fn step_outside(&self, index: usize) -> f64 {
        self.outside - self.inside.1.get(index).copied().map_or(self.outside, f64::from)
    }
}
