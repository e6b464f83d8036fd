//! What a phone without Wi-Fi scans senses while its owner stands in a store and opens the screen.
//!
//! The noise is what was measured on walks with a reference (MobilityNet) and in two malls; who stands
//! where is an assumption.

use std::f64::consts::TAU;

use domain::{Position, Timestamp};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use tillsight::{
    entry::{Motion, Signal},
    sensed::{Fix, FixProvider, Sighting, beacon::credible_rssi},
};

use super::stores::{METRES_A_DEGREE, World};

/// The instant the screen opens at. Any will do: only spans matter.
const OPENED: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);

/// A receiver that was off needs this long to its first fix, seconds.
const FIRST_FIX_S: u32 = 3;

/// Where the store is: how likely, the median error of a fix in metres, how long it lasts in seconds,
/// and in which share of the seconds there is one.
const PLACES: [(f64, f64, f64, f64); 3] =
    [(0.6, 18.0, 60.0, 0.5), (0.2, 20.0, 35.0, 0.9), (0.2, 30.0, 120.0, 0.25)];

/// The median of the length of a Gaussian vector in units of its deviation per axis, and the radius that
/// holds 68 % of them.
const MEDIAN: f64 = 1.177_4;
const RADIUS_68: f64 = 1.515;

/// A beacon at a metre, dBm; the exponent of its law; slow and fast fading, dB; how long the slow one
/// lasts, seconds; a wall between stores and a floor, dB; the share of frames heard; the weakest heard.
const POWER_DBM: f64 = -59.0;
const EXPONENT: f64 = 2.4;
const SLOW_DB: f64 = 6.0;
const FAST_DB: f64 = 3.0;
const SLOW_LASTS_S: f64 = 20.0;
const WALL_DB: f64 = 5.0;
const FLOOR_DB: f64 = 15.0;
const HEARD: f64 = 0.6;
const WEAKEST_DBM: f64 = -96.0;

/// A beacon hangs so much higher than a phone is held, metres, and is heard so far at most.
const HANGS_M: f64 = 2.5;
const REACH_M: f64 = 45.0;

/// The signals of one visit up to so many seconds after the screen was opened, in their order.
pub fn signals(
    world: &World,
    visited: usize,
    until_s: u32,
    random: &mut ChaCha8Rng,
) -> Vec<(Timestamp, Signal)> {
    let stands = stands(world, visited, random);
    let mut signals = vec![(at(-60), Signal::Motion(Motion::Walking))];
    signals.push((at(-45), Signal::Motion(Motion::Still)));
    signals.extend(network_fix(stands, random));
    signals.push((at(0), Signal::Screen(true)));
    signals.push((at(0), Signal::Scanning(true)));
    let mut receiver = Receiver::new(random);
    let mut beacons: Vec<Heard> = heard(world, visited, stands, random);
    for second in 0..=until_s {
        let now = at(i64::from(second));
        signals.push((now, Signal::Tick));
        if second >= FIRST_FIX_S {
            signals.extend(receiver.fix(now, stands, random));
        }
        for beacon in &mut beacons {
            signals.extend(beacon.frame(now, random));
        }
    }
    signals
}

fn at(seconds: i64) -> Timestamp {
    Timestamp(OPENED.0 + seconds * 1_000)
}

/// Somewhere in the store: within 6 m of its pin, and nearer to it than to the next.
fn stands(world: &World, visited: usize, random: &mut ChaCha8Rng) -> Position {
    let pin = world.position(visited);
    let away = |index: usize| {
        let (east, north) = world.offset(index, pin);
        east.hypot(north)
    };
    let others = world.near(pin, 50.0).filter(|&index| index != visited);
    let next = others.map(away).fold(f64::INFINITY, f64::min);
    let radius = (0.4 * next).clamp(1.0, 6.0) * random.random_range(0.0..1.0_f64).sqrt();
    let direction = random.random_range(0.0..TAU);
    moved(pin, radius * direction.cos(), radius * direction.sin())
}

fn moved(from: Position, east: f64, north: f64) -> Position {
    let lat = from.lat() + north / METRES_A_DEGREE;
    let lon = from.lon() + east / METRES_A_DEGREE / from.lat().to_radians().cos().max(0.01);
    Position::from_degrees(lat, lon).unwrap_or(from)
}

/// One draw of the standard normal distribution.
fn normal(random: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * random.random_range(f64::MIN_POSITIVE..1.0_f64).ln()).sqrt();
    radius * random.random_range(0.0..TAU).cos()
}

fn fix(
    now: Timestamp,
    position: Position,
    accuracy_m: f64,
    provider: FixProvider,
) -> Option<Signal> {
    let (latitude, longitude) = (position.lat(), position.lon());
    let (taken_at_ms, provider) = (now.0, Some(provider));
    let fix = Fix { latitude, longitude, accuracy_m, taken_at_ms, mocked: false, provider };
    fix.check(now).ok().map(Signal::Fix)
}

/// The network's fix of the last minute: one in five is far off.
fn network_fix(stands: Position, random: &mut ChaCha8Rng) -> Option<(Timestamp, Signal)> {
    let off = if random.random_bool(0.8) { 25.0 } else { 300.0 };
    let position = moved(stands, off * normal(random), off * normal(random));
    let now = at(-random.random_range(0..40));
    let accuracy_m = 30.0 + random.random_range(0.0..60.0);
    Some((now, fix(now, position, accuracy_m, FixProvider::Network)?))
}

/// The satellite receiver: an error that lasts, and an accuracy that is itself only an estimate.
struct Receiver {
    sigma: f64,
    lasts_s: f64,
    gives: f64,
    error: (f64, f64),
}

impl Receiver {
    fn new(random: &mut ChaCha8Rng) -> Self {
        let mut left = random.random_range(0.0..1.0);
        let place = PLACES.iter().find(|(share, ..)| {
            left -= share;
            left < 0.0
        });
        let &(_, median, lasts_s, gives) = place.unwrap_or(&PLACES[0]);
        let sigma = median / MEDIAN;
        Self { sigma, lasts_s, gives, error: (sigma * normal(random), sigma * normal(random)) }
    }

    fn fix(
        &mut self,
        now: Timestamp,
        stands: Position,
        random: &mut ChaCha8Rng,
    ) -> Option<(Timestamp, Signal)> {
        let stays = (-1.0 / self.lasts_s).exp();
        let fresh = (1.0 - stays * stays).sqrt() * self.sigma;
        self.error.0 = stays * self.error.0 + fresh * normal(random);
        self.error.1 = stays * self.error.1 + fresh * normal(random);
        let accuracy_m = RADIUS_68 * self.sigma * (0.4 * normal(random)).exp();
        if !random.random_bool(self.gives) {
            return None;
        }
        let position = moved(stands, self.error.0, self.error.1);
        Some((now, fix(now, position, accuracy_m, FixProvider::Satellite)?))
    }
}

/// A beacon within reach: what arrives of it on average, and its slow fading.
struct Heard {
    beacon: tillsight::sensed::Beacon,
    mean_dbm: f64,
    slow: f64,
}

fn heard(world: &World, visited: usize, stands: Position, random: &mut ChaCha8Rng) -> Vec<Heard> {
    let near = world.near(stands, REACH_M);
    let heard = near.filter_map(|index| {
        let beacon = world.beacon(index)?;
        let (east, north) = world.offset(index, stands);
        let metres = east.hypot(north).hypot(HANGS_M);
        let wall = if index == visited { 0.0 } else { WALL_DB };
        let floors = (world.floor(index) - world.floor(visited)).abs().min(3.0);
        let mean_dbm = POWER_DBM - 10.0 * EXPONENT * metres.log10() - wall - FLOOR_DB * floors;
        Some(Heard { beacon, mean_dbm, slow: 0.0 })
    });
    let mut heard: Vec<Heard> = heard.collect();
    heard.iter_mut().for_each(|one| one.slow = normal(random));
    heard
}

impl Heard {
    fn frame(&mut self, now: Timestamp, random: &mut ChaCha8Rng) -> Option<(Timestamp, Signal)> {
        let stays = (-1.0 / SLOW_LASTS_S).exp();
        self.slow = stays * self.slow + (1.0 - stays * stays).sqrt() * normal(random);
        let dbm = self.mean_dbm + SLOW_DB * self.slow + FAST_DB * normal(random);
        if dbm <= WEAKEST_DBM || !random.random_bool(HEARD) {
            return None;
        }
        let rssi_dbm = credible_rssi(dbm as i16);
        let beacon = self.beacon;
        let sighting = Sighting { beacon, rssi_dbm, power_dbm: None, proven: false, seen_at: now };
        Some((now, Signal::Beacon(sighting)))
    }
}
