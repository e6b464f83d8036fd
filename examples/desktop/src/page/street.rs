//! What a phone senses on the street: made up for each second, the same for the same seed.

use domain::{Bssid, Store};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use signs::frame::{IBeacon, UncheckedPower};
use testkit::BEACONS;

use super::city::{City, Spot, apart};

/// Heard from a metre away, dBm: what the store's beacon says of itself.
const POWER_AT_1M: i8 = -59;
/// How fast a signal fades: a street's exponent between free space (2) and a room full of people (3).
const FADING: f64 = 2.4;
/// Weaker is not heard, dBm.
const FAINTEST_DBM: f64 = -92.0;
/// How far a beacon is heard by that, metres.
pub const REACH_M: f64 = 24.0;
/// One store in so many has a beacon on the air.
const WITH_BEACON: u8 = 12;

/// An access point is heard from a metre away, dBm, and so much further than a beacon: a router's power at
/// 2.4 GHz.
const ACCESS_POINT_AT_1M: f64 = -40.0;
/// How it fades: from inside a store through its front.
const ACCESS_POINT_FADING: f64 = 3.2;
/// How far one is heard by that, metres.
const ACCESS_POINT_REACH_M: f64 = 42.0;
/// A phone looks round for access points so often, seconds: Android lets an app do so four times in two
/// minutes.
pub const LOOKS_ROUND_EVERY_S: u64 = 30;

/// The phone's senses, on or off, and what disturbs them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Senses {
    /// The position receiver.
    pub gps: bool,
    /// The Bluetooth radio.
    pub beacons: bool,
    /// The Wi-Fi radio.
    pub wifi: bool,
    /// The way to the servers.
    pub network: bool,
    /// High walls: fixes are far off and say so.
    pub canyon: bool,
    /// The fixes are a test tool's.
    pub spoofed: bool,
}

impl Default for Senses {
    fn default() -> Self {
        Self { gps: true, beacons: true, wifi: true, network: true, canyon: false, spoofed: false }
    }
}

/// A fix of this second.
#[derive(Clone, Copy, Serialize)]
pub struct MadeFix {
    /// Where the receiver says the phone is.
    pub at: Spot,
    /// How sure it says it is, metres.
    pub accuracy_m: f64,
}

/// A beacon on the air.
#[derive(Clone)]
pub struct OnAir {
    /// Where it hangs.
    pub at: Spot,
    /// What its radio sends.
    pub advert: Vec<u8>,
}

/// An access point.
pub struct AccessPoint {
    /// Where it stands.
    pub at: Spot,
    /// Its address.
    pub address: Bssid,
}

/// The access points of the stores.
pub fn access_points(stores: &[Store], city: &City) -> Vec<AccessPoint> {
    let of = |store: &Store| {
        let address = *store.access_points.first()?;
        Some(AccessPoint { at: city.spot(store.position), address })
    };
    stores.iter().filter_map(of).collect()
}

/// Whether a store's beacon is on the air: the one walked to, and one in a few.
pub fn has_beacon(store: &Store, goal: &Store) -> bool {
    let first = store.id.0.as_bytes()[0];
    store.beacon.is_some() && (store.id == goal.id || first.is_multiple_of(WITH_BEACON))
}

/// The beacons on the air.
pub fn on_air(stores: &[Store], goal: &Store, city: &City) -> Vec<OnAir> {
    let sends = stores.iter().filter(|store| has_beacon(store, goal));
    let beacon = |store: &Store| {
        let (major, minor) = store.beacon?;
        let power = UncheckedPower(POWER_AT_1M);
        let advert = IBeacon { uuid: BEACONS, major, minor, power }.advert();
        Some(OnAir { at: city.spot(store.position), advert })
    };
    sends.filter_map(beacon).collect()
}

/// The made-up noise of one second.
pub struct Second {
    random: ChaCha8Rng,
}

impl Second {
    /// Of this second of the walk with this seed.
    pub fn new(seed: u64, second: u64) -> Self {
        let mixed =
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ second.wrapping_mul(0xd134_2543_de82_ef95);
        Self { random: ChaCha8Rng::seed_from_u64(mixed) }
    }

    /// Nearly normal, of variance 1: the sum of twelve even numbers, less six.
    fn noise(&mut self) -> f64 {
        (0..12).map(|_| self.random.random_range(0.0..1.0)).sum::<f64>() - 6.0
    }

    /// What the receiver says of a phone at `spot`. A receiver's error wanders: it is mostly that of the
    /// ten seconds around, and a little of its own.
    pub fn fix(&mut self, spot: Spot, senses: Senses, inside: bool, slow: (f64, f64)) -> MadeFix {
        let error = if senses.canyon { 20.0 } else { 5.0 };
        let (east, north) = (self.noise(), self.noise());
        let at = |spot: f64, slow: f64, own: f64| spot + error * (0.9 * slow + 0.3 * own);
        let accuracy_m = match (senses.canyon, inside) {
            (true, _) => 45.0,
            (false, true) => 22.0,
            (false, false) => 14.0,
        };
        MadeFix { at: (at(spot.0, slow.0, east), at(spot.1, slow.1, north)), accuracy_m }
    }

    /// The error of the ten seconds around this one.
    pub fn slow(seed: u64, second: u64) -> (f64, f64) {
        let mut ten = Self::new(seed ^ 0x51ed, second / 10);
        (ten.noise(), ten.noise())
    }

    /// The access points heard at `spot` and how strongly.
    pub fn looked_round(&mut self, spot: Spot, points: &[AccessPoint]) -> Vec<(Bssid, i16)> {
        let near = points.iter().filter(|point| apart(point.at, spot) < 2.0 * ACCESS_POINT_REACH_M);
        let heard = near.map(|point| {
            let away = apart(point.at, spot).max(1.0);
            let dbm = ACCESS_POINT_AT_1M - 10.0 * ACCESS_POINT_FADING * away.log10();
            (point.address, dbm + 3.0 * self.noise())
        });
        let heard = heard.filter(|(_, dbm)| *dbm > FAINTEST_DBM);
        heard.map(|(address, dbm)| (address, dbm.round() as i16)).collect()
    }

    /// The beacons heard at `spot` and how strongly, the strongest first, at most six.
    pub fn heard<'a>(&mut self, spot: Spot, beacons: &'a [OnAir]) -> Vec<(&'a OnAir, i16)> {
        let mut heard: Vec<(&OnAir, i16)> = Vec::new();
        for beacon in beacons.iter().filter(|beacon| apart(beacon.at, spot) < 2.0 * REACH_M) {
            let away = apart(beacon.at, spot).max(1.0);
            let dbm = f64::from(POWER_AT_1M) - 10.0 * FADING * away.log10() + 3.0 * self.noise();
            if dbm > FAINTEST_DBM {
                heard.push((beacon, dbm.round() as i16));
            }
        }
        heard.sort_by_key(|(_, dbm)| -dbm);
        heard.truncate(6);
        heard
    }
}
