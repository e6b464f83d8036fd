use domain::{Position, StoreId, Timestamp};

use super::{
    around::{Loaded, Store},
    judgement::{Candidate, Judgement},
    nearby::{Details, Nearby, StoreKey, StorePosition},
    outline::Outline,
    plan::BURST_MS,
    plane::Point,
    radio::{MAX_TRACKS, SILENT_AFTER_MS, Track, Transmitter},
    settle::Settle,
    shown::{Chosen, Shown},
    signal::{CodeRead, Motion, Signal},
    whereabouts::{Estimate, Whereabouts},
};
use crate::sensed::{Bssid, Sighting, WifiScan, wifi::MAX_HEARD};

/// The clock may step back this far (it was set right); beyond it nothing sensed before has an age
/// any more and is forgotten.
const CLOCK_STEP_MS: i64 = 5_000;

/// Stores whose visits count: the most anybody keeps going to, many times over.
const MAX_HABITS: usize = 256;

/// The radius of 68 % of a distribution with the same deviation on both axes, in deviations:
/// sqrt(-2 ln 0.32).
const RADIUS_A_SIGMA: f64 = 1.51;

/// How much earlier visits speak for a store, as a natural logarithm: as often as it was visited,
/// but at most like seven visits, so that a habit never outweighs a beacon. Published work agrees
/// that personal history beats the nearest store; none gives a figure.
fn habit(visits: u32) -> f64 {
    libm::log(f64::from(visits.min(7)) + 1.0)
}

/// An access point missing from two scans at the pace Android allows (one in 30 s) is out of range.
const ACCESS_POINT_LASTS_MS: i64 = 65_000;

/// Without any hearing or listening, a beacon's track is dropped after this.
const TRACK_LASTS_MS: i64 = 600_000;

/// The judgement over time. Holds a bounded amount: at most [`MAX_STORES`] stores,
/// [`MAX_TRACKS`] beacons and as many access points of 48 sightings each, 32 fixes, 128 outlines:
/// under 1 MB when all is full.
#[derive(Debug, Default)]
pub struct Engine {
    pub(super) now: Timestamp,
    pub(super) whereabouts: Whereabouts,
    pub(super) estimate: Option<Estimate>,
    pub(super) loaded: Option<Loaded>,
    pub(super) stores: Vec<Store>,
    pub(super) places: Vec<StorePosition>,
    /// The loaded stores were asked for their details.
    pub(super) detailed: bool,
    pub(super) details: Vec<Details>,
    /// The outlines that are one store's alone, with that store's index.
    pub(super) outlines: Vec<(usize, Outline)>,
    /// Where the stores' distances were measured from; `None` when they are out of date.
    pub(super) measured_from: Option<Point>,
    pub(super) tracks: Vec<Track>,
    pub(super) shown: Option<Shown>,
    pub(super) chosen: Option<Chosen>,
    /// The store whose access point the phone is joined to.
    pub(super) joined: Option<StorePosition>,
    /// That access point.
    joined_to: Option<Bssid>,
    /// What more than one of the loaded stores has registered as its own.
    pub(super) shared: Vec<Transmitter>,
    /// All that they have; kept for its memory.
    pub(super) registered: Vec<Transmitter>,
    /// Stores the member was in before, and how much that speaks for them.
    pub(super) habits: Vec<(StoreKey, f64)>,
    /// What the habits came from.
    visits: Vec<(StoreId, u32)>,
    pub(super) motion: Option<Motion>,
    pub(super) scanning: bool,
    /// How long the phone has listened for beacons in all, milliseconds.
    pub(super) listened_ms: i64,
    /// The same when the present scan began.
    pub(super) scan_from_ms: i64,
    /// When everything began to listen, the screen being open, and `listened_ms` then.
    pub(super) burst_from: Option<(Timestamp, i64)>,
    /// The second of the burst up to which misses were counted.
    pub(super) missed_to_s: u32,
    /// Seconds of silence the stores were last weighed with.
    pub(super) silent_s: i64,
    pub(super) screen_open: bool,
    pub(super) settle: Settle,
    /// The stores' side weights are out of date.
    pub(super) side_dirty: bool,
    /// What silence says is out of date: other stores, other beacons heard, more listening.
    pub(super) silence_dirty: bool,
    /// Log likelihood of what was heard, per store; kept for its memory.
    pub(super) heard: Vec<f64>,
    pub(super) judgement: Judgement,
    /// The list of the judgement before, kept for its memory.
    pub(super) spare: Vec<Candidate>,
}

impl Engine {
    /// An engine that has sensed nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets everything sensed. The next signal starts anew.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// The judgement so far.
    pub fn judgement(&self) -> &Judgement {
        &self.judgement
    }

    /// Where the phone probably is: the position, and the radius in metres that holds it with 68 %
    /// probability. `None` without a usable fix.
    pub fn whereabouts(&self) -> Option<(Position, f64)> {
        self.estimate.map(|estimate| (estimate.position, RADIUS_A_SIGMA * estimate.sigma))
    }

    /// Where the phone probably is; `None` without a usable fix.
    pub fn estimate(&self) -> Option<Estimate> {
        self.estimate
    }

    /// Whether the settlement screen is open.
    pub fn screen_open(&self) -> bool {
        self.screen_open
    }

    /// Takes one signal at `now` and judges anew over the stores of `nearby`.
    pub fn sense(&mut self, now: Timestamp, signal: &Signal, nearby: &dyn Nearby) -> &Judgement {
        self.set_clock(now);
        match signal {
            Signal::Fix(fix) => self.whereabouts.take(fix),
            Signal::Beacon(sighting) => {
                if !self.hear(sighting, nearby) {
                    self.judgement.changed = false;
                    return &self.judgement;
                }
            }
            Signal::Code(code) => self.read(code, nearby),
            Signal::Chosen(store) => {
                if let Some(place) = nearby.by_id(*store) {
                    self.chosen = Some(Chosen { at: self.now, store: *store, place });
                    self.side_dirty = true;
                }
            }
            Signal::Text(_) => {
                self.judgement.changed = false;
                return &self.judgement;
            }
            Signal::Wifi(scan) => self.look_round(scan, nearby),
            Signal::Visits(visits) => {
                self.visits.clear();
                self.visits.extend(visits.iter().take(MAX_HABITS));
                self.find_habits(nearby);
            }
            Signal::Motion(motion) => {
                self.motion = Some(*motion);
                self.whereabouts.moves(*motion, self.now);
            }
            Signal::Scanning(on) => {
                if *on && !self.scanning {
                    self.scan_from_ms = self.listened_ms;
                }
                self.scanning = *on;
                self.burst_begins();
            }
            Signal::Screen(open) => {
                self.screen_open = *open;
                self.burst_begins();
            }
            Signal::StoresChanged => self.look_again(nearby),
            Signal::Tick => {}
        }
        self.expire();
        if self.silent_s != self.silence_s() {
            (self.side_dirty, self.silence_dirty) = (true, true);
        }
        self.miss();
        self.estimate = self.whereabouts.estimate(self.now);
        self.load(nearby);
        self.weigh();
        &self.judgement
    }

    fn set_clock(&mut self, now: Timestamp) {
        if now.millis_since(self.now) < -CLOCK_STEP_MS {
            // What the app switched on stays on; what was sensed has no age any more.
            let visits = std::mem::take(&mut self.visits);
            let habits = std::mem::take(&mut self.habits);
            let (motion, scanning, screen_open) = (self.motion, self.scanning, self.screen_open);
            *self = Self { visits, habits, motion, scanning, screen_open, now, ..Self::default() };
            if let Some(motion) = motion {
                self.whereabouts.moves(motion, now);
            }
        }
        if self.scanning {
            self.listened_ms += now.millis_since(self.now).clamp(0, SILENT_AFTER_MS);
        }
        self.now = self.now.max(now);
    }

    /// Takes a sighting; whether it may change anything.
    fn hear(&mut self, sighting: &Sighting, nearby: &dyn Nearby) -> bool {
        let (now, listened, burst) = (self.now, self.listened_ms, self.burst());
        let source = Transmitter::Beacon(sighting.beacon);
        let Some(track) =
            self.track(source, sighting.seen_at, || nearby.by_beacon(sighting.beacon))
        else {
            return false;
        };
        if track.place.is_none() {
            return false;
        }
        if !track.take(now, sighting.seen_at, sighting.rssi_dbm) {
            // "In range" without a strength makes the store a candidate, and no more.
            track.last = track.last.max(sighting.seen_at.min(now));
            track.listened_ms = listened;
            return sighting.rssi_dbm.is_none();
        }
        if let Some(power) = sighting.power_dbm {
            track.set_power(power);
        }
        if sighting.proven {
            track.proven_at = Some(now);
        }
        track.listened_ms = listened;
        track.miss(burst);
        track.speak();
        self.side_dirty = true;
        true
    }

    /// Notes the beginning of a burst, when one begins.
    fn burst_begins(&mut self) {
        let on = self.scanning && self.screen_open;
        match self.burst_from {
            None if on => self.burst_from = Some((self.now, self.listened_ms)),
            Some(_) if !self.screen_open => self.burst_from = None,
            _ => {}
        }
    }

    /// When the burst began that is on, and how many whole seconds it has listened.
    fn burst(&self) -> Option<(Timestamp, u32)> {
        let (from, listened_ms) = self.burst_from?;
        let lasts = self.listened_ms - listened_ms;
        (lasts <= BURST_MS).then_some((from, (lasts / 1_000) as u32))
    }

    /// Counts anew for how long the beacons heard were not heard, when another second of a burst
    /// is over.
    fn miss(&mut self) {
        let Some((from, seconds)) = self.burst() else { return };
        if self.missed_to_s == seconds {
            return;
        }
        self.missed_to_s = seconds;
        for track in &mut self.tracks {
            if matches!(track.source, Transmitter::Beacon(_)) && track.miss(Some((from, seconds))) {
                track.speak();
                self.side_dirty = true;
            }
        }
    }

    fn look_round(&mut self, scan: &WifiScan, nearby: &dyn Nearby) {
        let now = self.now;
        for &(address, rssi) in scan.heard.iter().take(MAX_HEARD) {
            let source = Transmitter::AccessPoint(address);
            let place = || nearby.by_access_point(address);
            if let Some(track) = self.track(source, scan.seen_at, place)
                && track.place.is_some()
                && track.take(now, scan.seen_at, Some(rssi))
            {
                track.speak();
                self.side_dirty = true;
            }
        }
        let joined = scan.joined.and_then(|address| nearby.by_access_point(address));
        if joined.map(|place| place.key) != self.joined.map(|place| place.key) {
            self.side_dirty = true;
        }
        (self.joined, self.joined_to) = (joined, scan.joined);
    }

    /// The store whose own network the phone is joined to: one that it shares with no other.
    pub(super) fn joined_alone(&self) -> Option<StorePosition> {
        let to = self.joined_to.map(Transmitter::AccessPoint);
        self.joined.filter(|_| !to.is_some_and(|to| self.shared.contains(&to)))
    }

    /// The track of a transmitter, made when there is none. When all are taken, the one given up
    /// is one that nobody registered, or else the one heard longest ago.
    fn track(
        &mut self,
        source: Transmitter,
        at: Timestamp,
        place: impl FnOnce() -> Option<StorePosition>,
    ) -> Option<&mut Track> {
        if let Some(index) = self.tracks.iter().position(|track| track.source == source) {
            return self.tracks.get_mut(index);
        }
        (self.side_dirty, self.silence_dirty) = (true, true);
        let kind = std::mem::discriminant(&source);
        let track = Track::new(source, place(), at);
        let same_kind = |track: &Track| std::mem::discriminant(&track.source) == kind;
        if self.tracks.iter().filter(|track| same_kind(track)).count() < MAX_TRACKS {
            self.tracks.push(track);
            return self.tracks.last_mut();
        }
        let given_up = self
            .tracks
            .iter_mut()
            .filter(|track| same_kind(track))
            .min_by_key(|track| (track.place.is_some(), track.last))?;
        *given_up = track;
        Some(given_up)
    }

    fn read(&mut self, code: &CodeRead, nearby: &dyn Nearby) {
        self.shown = Some(Shown {
            at: self.now,
            store: code.store,
            place: nearby.by_id(code.store),
            proof: code.proof,
            touched: code.touched,
            refuted: false,
        });
        self.side_dirty = true;
    }

    /// Asks anew which stores there are and whose signs those sensed so far are.
    fn look_again(&mut self, nearby: &dyn Nearby) {
        self.loaded = None;
        self.stores.clear();
        for track in &mut self.tracks {
            track.place = match track.source {
                Transmitter::Beacon(beacon) => nearby.by_beacon(beacon),
                Transmitter::AccessPoint(address) => nearby.by_access_point(address),
            };
            track.forget_stores();
        }
        if let Some(shown) = &mut self.shown {
            shown.place = nearby.by_id(shown.store);
        }
        self.chosen = self
            .chosen
            .and_then(|chosen| nearby.by_id(chosen.store).map(|place| Chosen { place, ..chosen }));
        (self.joined, self.joined_to) = (None, None);
        self.find_habits(nearby);
    }

    fn find_habits(&mut self, nearby: &dyn Nearby) {
        let known = self.visits.iter();
        let found = known.filter_map(|&(id, count)| Some((nearby.by_id(id)?.key, habit(count))));
        self.habits.clear();
        self.habits.extend(found);
        self.side_dirty = true;
    }

    fn expire(&mut self) {
        let now = self.now;
        let heard = self.tracks.len();
        let listened = self.listened_ms;
        self.tracks.retain(|track| {
            let age = now.millis_since(track.last);
            match track.source {
                Transmitter::Beacon(_) => {
                    listened - track.listened_ms <= SILENT_AFTER_MS && age <= TRACK_LASTS_MS
                }
                Transmitter::AccessPoint(_) => age <= ACCESS_POINT_LASTS_MS,
            }
        });
        if heard != self.tracks.len() {
            (self.side_dirty, self.silence_dirty) = (true, true);
        }
        if self.shown.is_some_and(|shown| shown.expired(now)) {
            self.shown = None;
            self.side_dirty = true;
        }
        if self.chosen.is_some_and(|chosen| chosen.expired(now)) {
            self.chosen = None;
            self.side_dirty = true;
        }
    }
}
