//! What it says that a beacon was listened for and not heard.

use super::{propagation::BEACON, strength::Likelihood};
use crate::{entry::surroundings::Store, sensed::Beacon};

/// A registered beacon is dead, stolen or switched off this often. An assumption: no public figure
/// was found.
const DEAD: f64 = 0.03;

/// Farther than this, metres, silence says nothing: the law puts a beacon behind a wall at -113 dBm
/// there, and fewer than three in a hundred are heard.
const REACHES_M: f64 = 100.0;

/// Puts into `logs` the log likelihood, for a phone in each store, that in these `seconds` of
/// listening the other beacons than the `heard` ones were not.
pub fn silence(
    seconds: u32,
    stores: &[Store],
    heard: impl Fn(Beacon) -> bool,
    logs: &mut Vec<f64>,
) {
    logs.clear();
    logs.resize(stores.len(), 0.0);
    if seconds == 0 {
        return;
    }
    let likelihood = Likelihood::new(None, seconds).or(DEAD);
    let silent = |store: &&Store| store.beacon.is_some_and(|beacon| !heard(beacon));
    for own in stores.iter().filter(silent) {
        for (store, log) in stores.iter().zip(&mut *logs) {
            if store.point.distance_squared(own.point) < REACHES_M * REACHES_M {
                *log += likelihood.at(BEACON.power_dbm + BEACON.inside(own, store));
            }
        }
    }
}
