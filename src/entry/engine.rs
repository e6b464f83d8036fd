use domain::{Position, StoreId, Timestamp};

use super::{
    judgement::Judgement,
    nearby::{Details, Nearby, Place},
    plane::{Plane, Point},
    radio::{self, MAX_TRACKS, SILENCE_REACHES_M, SILENT_AFTER_MS, Track, Transmitter},
    settle::Settle,
    shown::{Chosen, Shown},
    signal::{CodeRead, Motion, Signal},
    whereabouts::{Estimate, Whereabouts},
};
use crate::sensed::{Beacon, Sighting, WifiScan, wifi::MAX_HEARD};

/// Stores weighed at a time: the nearest. Rome's densest 150 m hold 135.
pub const MAX_STORES: usize = 512;

/// The clock may step back this far (it was set right); beyond it nothing sensed before has an age
/// any more and is forgotten.
const CLOCK_STEP_MS: i64 = 5_000;

/// Reach of the look-up round the anchor, metres: nearest and farthest.
const REACH_M: (f64, f64) = (60.0, 250.0);

/// Stores whose visits count: the most anybody keeps going to, many times over.
const MAX_HABITS: usize = 256;

/// How much earlier visits speak for a store, as a natural logarithm: as often as it was visited,
/// but at most like seven visits, so that a habit never outweighs a beacon. Published work agrees
/// that personal history beats the nearest store; none gives a figure.
fn habit(visits: u32) -> f64 {
    libm::log(f64::from(visits.min(7)) + 1.0)
}

/// Looked up beyond what is wanted, metres.
const SLACK_M: f64 = 20.0;

/// An access point missing from two scans at the pace Android allows (one in 30 s) is out of range.
const ACCESS_POINT_LASTS_MS: i64 = 65_000;

/// Without any hearing or listening, a beacon's track is dropped after this.
const TRACK_LASTS_MS: i64 = 600_000;

/// Stores asked for their details: the nearest to the phone. The beacons of stores further off
/// are not missed when they are not heard.
const MAX_DETAILED: usize = 64;

/// Silence is weighed by the second up to this; longer adds nothing.
const SILENCE_FULL_S: i64 = 8;

/// One store being weighed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Store {
    pub key: i64,
    pub point: Point,
    /// Its registered beacon, once asked.
    pub beacon: Option<Beacon>,
    /// Its floor, once asked.
    pub level: Option<f32>,
    /// How much the silence of beacons speaks against it, natural logarithm.
    pub silence: f64,
    /// Weight by position, 1 = exactly where the phone is thought to be.
    pub near: f64,
    /// Weight by everything else.
    pub side: f64,
    /// The same for a phone just outside it.
    pub outside: f64,
}

/// The circle of the map whose stores are loaded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loaded {
    pub plane: Plane,
    pub reach: f64,
}

/// The judgement over time. Holds a bounded amount: at most [`MAX_STORES`] stores,
/// [`MAX_TRACKS`] beacons and as many access points of 48 sightings each, 32 fixes: about
/// 0.4 MB when all is full.
#[derive(Debug, Default)]
pub struct Engine {
    pub(super) now: Timestamp,
    pub(super) whereabouts: Whereabouts,
    pub(super) estimate: Option<Estimate>,
    pub(super) loaded: Option<Loaded>,
    pub(super) stores: Vec<Store>,
    places: Vec<Place>,
    /// The loaded stores were asked for their details.
    detailed: bool,
    details: Vec<Details>,
    pub(super) tracks: Vec<Track>,
    pub(super) shown: Option<Shown>,
    pub(super) chosen: Option<Chosen>,
    /// The store whose access point the phone is joined to.
    pub(super) joined: Option<Place>,
    /// Stores the member was in before, and how much that speaks for them.
    pub(super) habits: Vec<(i64, f64)>,
    /// What the habits came from.
    visits: Vec<(StoreId, u32)>,
    pub(super) motion: Option<Motion>,
    pub(super) scanning: bool,
    /// How long the phone has listened for beacons in all, milliseconds.
    listened_ms: i64,
    /// The same when the present scan began.
    scan_from_ms: i64,
    /// Seconds of silence the stores were last weighed with.
    silent_s: i64,
    pub(super) screen_open: bool,
    pub(super) settle: Settle,
    /// The stores' side weights are out of date.
    pub(super) side_dirty: bool,
    /// What silence says is out of date: other stores, other beacons heard, more listening.
    silence_dirty: bool,
    /// Log likelihood of what was heard, per store; kept for its memory.
    pub(super) heard: Vec<f64>,
    pub(super) judgement: Judgement,
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
            Signal::Wifi(scan) => self.look_round(scan, nearby),
            Signal::Visits(visits) => {
                self.visits.clear();
                self.visits.extend(visits.iter().take(MAX_HABITS));
                self.find_habits(nearby);
            }
            Signal::Motion(motion) => {
                self.motion = Some(*motion);
                self.whereabouts.moves(*motion);
            }
            Signal::Scanning(on) => {
                if *on && !self.scanning {
                    self.scan_from_ms = self.listened_ms;
                }
                self.scanning = *on;
            }
            Signal::Screen(open) => self.screen_open = *open,
            Signal::StoresChanged => self.look_again(nearby),
            Signal::Tick => {}
        }
        self.expire();
        if self.silent_s != self.silence_s() {
            (self.side_dirty, self.silence_dirty) = (true, true);
        }
        self.estimate = self.whereabouts.estimate(self.now);
        self.load(nearby);
        self.weigh();
        &self.judgement
    }

    fn set_clock(&mut self, now: Timestamp) {
        if now.millis_since(self.now) < -CLOCK_STEP_MS {
            self.reset();
        }
        if self.scanning {
            self.listened_ms += now.millis_since(self.now).clamp(0, SILENT_AFTER_MS);
        }
        self.now = self.now.max(now);
    }

    /// Takes a sighting; whether it may change anything.
    fn hear(&mut self, sighting: &Sighting, nearby: &dyn Nearby) -> bool {
        let (now, listened) = (self.now, self.listened_ms);
        let source = Transmitter::Beacon(sighting.beacon);
        let Some(track) =
            self.track(source, sighting.seen_at, || nearby.by_beacon(sighting.beacon))
        else {
            return false;
        };
        if track.place.is_none() || !track.take(now, sighting.seen_at, sighting.rssi_dbm) {
            return false;
        }
        if let Some(power) = sighting.power_dbm {
            track.set_power(power);
        }
        if sighting.proven {
            track.proven_at = Some(now);
        }
        track.listened_ms = listened;
        track.speak();
        self.side_dirty = true;
        true
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
        self.joined = joined;
    }

    /// The track of a transmitter, made when there is none. When all are taken, the one given up
    /// is one that nobody registered, or else the one heard longest ago.
    fn track(
        &mut self,
        source: Transmitter,
        at: Timestamp,
        place: impl FnOnce() -> Option<Place>,
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
        self.joined = None;
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

    /// Where to look for stores, and how far.
    fn anchor(&self) -> Option<(Position, f64)> {
        if let Some(estimate) = self.estimate {
            return Some((estimate.position, 3.0 * estimate.sigma + 30.0));
        }
        let heard = self
            .tracks
            .iter()
            .filter_map(|track| Some((track.place?, track.level()?.1)))
            .max_by(|one, other| one.1.total_cmp(&other.1));
        heard
            .map(|(place, _)| place)
            .or(self.shown.and_then(|shown| shown.place))
            .or(self.chosen.map(|chosen| chosen.place))
            .map(|place| (place.position, REACH_M.0))
    }

    /// Loads the stores round the anchor, when they are not loaded yet, and those that a sign
    /// names wherever they are.
    fn load(&mut self, nearby: &dyn Nearby) {
        match self.anchor() {
            Some((centre, wanted)) => self.load_round(centre, wanted, nearby),
            None if self.loaded.is_some() => {
                self.stores.clear();
                self.loaded = None;
            }
            None => {}
        }
        if !self.side_dirty {
            return;
        }
        let Some(loaded) = self.loaded else { return };
        let stores_before = self.stores.len();
        let named = self.tracks.iter().filter_map(|track| track.place);
        let named = named
            .chain(self.shown.and_then(|shown| shown.place))
            .chain(self.chosen.map(|chosen| chosen.place))
            .chain(self.joined);
        for place in named {
            if !self.stores.iter().any(|store| store.key == place.key) {
                self.stores.push(Store::new(&place, &loaded.plane));
            }
        }
        if !self.detailed || stores_before != self.stores.len() {
            self.ask_details(nearby);
        }
        for track in &mut self.tracks {
            if let Some(place) = track.place
                && !track.predicts(self.stores.len())
                && let Some(own) = self.stores.iter().find(|store| store.key == place.key)
            {
                track.predict(own, &self.stores);
                track.speak();
            }
        }
        if self.silence_dirty {
            self.weigh_silence();
        }
    }

    /// Asks for beacon and floor of the nearest stores, once radio is in play.
    fn ask_details(&mut self, nearby: &dyn Nearby) {
        if self.tracks.is_empty() && !self.scanning {
            return;
        }
        self.detailed = true;
        self.silence_dirty = true;
        let origin = match self.estimate.zip(self.loaded) {
            Some((estimate, loaded)) => loaded.plane.point(estimate.position),
            None => Point { x: 0.0, y: 0.0 },
        };
        // The nearest first; those that a sign named stay in although they are far.
        let far = |store: &Store| store.point.distance_squared(origin);
        self.stores.sort_unstable_by(|one, other| {
            far(one).total_cmp(&far(other)).then(one.key.cmp(&other.key))
        });
        for track in &mut self.tracks {
            track.forget_stores();
        }
        let named = |key: i64| self.tracks.iter().any(|t| t.place.is_some_and(|p| p.key == key));
        let asked = self.stores.iter().enumerate();
        let asked = asked.filter(|(index, store)| *index < MAX_DETAILED || named(store.key));
        let keys: Vec<i64> = asked.map(|(_, store)| store.key).collect();
        self.details.clear();
        nearby.details(&keys, &mut self.details);
        for details in &self.details {
            if let Some(store) = self.stores.iter_mut().find(|store| store.key == details.key) {
                store.beacon = details.beacon;
                store.level = details.level;
            }
        }
    }

    /// Weighs beacons that should have been heard by now and were not.
    fn weigh_silence(&mut self) {
        self.silence_dirty = false;
        let silent_s = self.silence_s();
        self.silent_s = silent_s;
        for store in &mut self.stores {
            store.silence = 0.0;
        }
        if silent_s == 0 {
            return;
        }
        for index in 0..self.stores.len() {
            let Some(silent) = self.stores.get(index).copied() else { continue };
            let Some(beacon) = silent.beacon else { continue };
            let heard = |track: &Track| track.source == Transmitter::Beacon(beacon);
            if self.tracks.iter().any(heard) {
                continue;
            }
            let reach = SILENCE_REACHES_M * SILENCE_REACHES_M;
            for store in &mut self.stores {
                if store.point.distance_squared(silent.point) < reach {
                    store.silence += radio::silence(&silent, store, silent_s as f64);
                }
            }
        }
    }

    /// Whole seconds of listening in the present scan, at most [`SILENCE_FULL_S`]; once the scan
    /// is over, what it came to.
    fn silence_s(&self) -> i64 {
        ((self.listened_ms - self.scan_from_ms) / 1_000).min(SILENCE_FULL_S)
    }

    fn load_round(&mut self, centre: Position, wanted: f64, nearby: &dyn Nearby) {
        let wanted = wanted.clamp(REACH_M.0, REACH_M.1);
        let origin = Point { x: 0.0, y: 0.0 };
        if let Some(loaded) = &self.loaded
            && loaded.plane.point(centre).distance(origin) + wanted <= loaded.reach
        {
            return;
        }
        // A little more than wanted, so that the next fix, a few metres off, needs no look-up.
        let reach = wanted + SLACK_M;
        let plane = Plane::at(centre);
        self.places.clear();
        nearby.within(centre, reach, &mut self.places);
        self.stores.clear();
        self.stores.extend(self.places.iter().map(|place| Store::new(place, &plane)));
        if self.stores.len() > MAX_STORES {
            self.stores.select_nth_unstable_by(MAX_STORES - 1, |one, other| {
                let far = |store: &Store| store.point.distance_squared(origin);
                far(one).total_cmp(&far(other)).then(one.key.cmp(&other.key))
            });
            self.stores.truncate(MAX_STORES);
        }
        self.loaded = Some(Loaded { plane, reach });
        self.detailed = false;
        self.silence_dirty = true;
        for track in &mut self.tracks {
            track.forget_stores();
        }
        self.side_dirty = true;
    }
}

impl Store {
    fn new(place: &Place, plane: &Plane) -> Self {
        let point = plane.point(place.position);
        let (beacon, level) = (None, None);
        Self {
            key: place.key,
            point,
            beacon,
            level,
            silence: 0.0,
            near: 1.0,
            side: 1.0,
            outside: 1.0,
        }
    }
}
