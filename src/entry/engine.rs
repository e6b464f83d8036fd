use domain::{Position, Timestamp};

use super::{
    judgement::Judgement,
    nearby::{Nearby, Place},
    plane::{Plane, Point},
    radio::{MAX_TRACKS, SILENT_AFTER_MS, Track},
    settle::Settle,
    shown::{Chosen, Shown},
    signal::{CodeRead, Motion, Signal},
    whereabouts::{Estimate, Whereabouts},
};
use crate::sensed::Sighting;

/// Stores weighed at a time: the nearest. Rome's densest 150 m hold 135.
pub const MAX_STORES: usize = 512;

/// The clock may step back this far (it was set right); beyond it nothing sensed before has an age
/// any more and is forgotten.
const CLOCK_STEP_MS: i64 = 5_000;

/// Reach of the look-up round the anchor, metres: nearest and farthest.
const REACH_M: (f64, f64) = (60.0, 250.0);

/// Looked up beyond what is wanted, metres.
const SLACK_M: f64 = 20.0;

/// Without any hearing or listening, a beacon's track is dropped after this.
const TRACK_LASTS_MS: i64 = 600_000;

/// One store being weighed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Store {
    pub key: i64,
    pub point: Point,
    /// Weight by position, 1 = exactly where the phone is thought to be.
    pub near: f64,
    /// Weight by everything else.
    pub side: f64,
}

/// The circle of the map whose stores are loaded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loaded {
    pub plane: Plane,
    pub reach: f64,
}

/// The judgement over time. Holds a bounded amount: at most [`MAX_STORES`] stores,
/// [`MAX_TRACKS`] beacons of 16 sightings, 32 fixes.
#[derive(Debug, Default)]
pub struct Engine {
    pub(super) now: Timestamp,
    pub(super) whereabouts: Whereabouts,
    pub(super) estimate: Option<Estimate>,
    pub(super) loaded: Option<Loaded>,
    pub(super) stores: Vec<Store>,
    places: Vec<Place>,
    pub(super) tracks: Vec<Track>,
    pub(super) shown: Option<Shown>,
    pub(super) chosen: Option<Chosen>,
    pub(super) motion: Option<Motion>,
    pub(super) scanning: bool,
    /// How long the phone has listened for beacons in all, milliseconds.
    listened_ms: i64,
    pub(super) screen_open: bool,
    pub(super) settle: Settle,
    /// The stores' side weights are out of date.
    pub(super) side_dirty: bool,
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
                    self.chosen = Some(Chosen { at: self.now, place });
                    self.side_dirty = true;
                }
            }
            Signal::Wifi(_) => {}
            Signal::Motion(motion) => {
                self.motion = Some(*motion);
                self.whereabouts.moves(*motion);
            }
            Signal::Scanning(on) => self.scanning = *on,
            Signal::Screen(open) => self.screen_open = *open,
            Signal::StoresChanged => self.look_again(nearby),
            Signal::Tick => {}
        }
        self.expire();
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
        let now = self.now;
        let index = match self.tracks.iter().position(|track| track.beacon == sighting.beacon) {
            Some(index) => index,
            None => {
                let track = Track::new(sighting, nearby.by_beacon(sighting.beacon));
                if self.tracks.len() < MAX_TRACKS {
                    self.tracks.push(track);
                } else if let Some(oldest) =
                    self.tracks.iter_mut().min_by_key(|track| (track.place.is_some(), track.last))
                {
                    *oldest = track;
                }
                self.side_dirty = true;
                self.tracks.iter().position(|t| t.beacon == sighting.beacon).unwrap_or(0)
            }
        };
        let Some(track) = self.tracks.get_mut(index) else { return false };
        if !track.take(now, sighting) || track.place.is_none() {
            return false;
        }
        track.listened_ms = self.listened_ms;
        track.speak();
        self.side_dirty = true;
        true
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
            track.place = nearby.by_beacon(track.beacon);
            track.forget_stores();
        }
        if let Some(shown) = &mut self.shown {
            shown.place = nearby.by_id(shown.store);
        }
        self.side_dirty = true;
    }

    fn expire(&mut self) {
        let now = self.now;
        let heard = self.tracks.len();
        let listened = self.listened_ms;
        self.tracks.retain(|track| {
            listened - track.listened_ms <= SILENT_AFTER_MS
                && now.millis_since(track.last) <= TRACK_LASTS_MS
        });
        self.side_dirty |= heard != self.tracks.len();
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
        let named = self.tracks.iter().filter_map(|track| track.place);
        let named = named
            .chain(self.shown.and_then(|shown| shown.place))
            .chain(self.chosen.map(|chosen| chosen.place));
        for place in named {
            if !self.stores.iter().any(|store| store.key == place.key) {
                self.stores.push(Store::new(&place, &loaded.plane));
            }
        }
        for track in &mut self.tracks {
            if let Some(place) = track.place
                && !track.predicts(self.stores.len())
            {
                let own = loaded.plane.point(place.position);
                let stores = &self.stores;
                track.predict(own, stores.iter().map(|s| (s.key == place.key, s.point, 0.0)));
                track.speak();
            }
        }
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
        for track in &mut self.tracks {
            track.forget_stores();
        }
        self.side_dirty = true;
    }
}

impl Store {
    fn new(place: &Place, plane: &Plane) -> Self {
        Self { key: place.key, point: plane.point(place.position), near: 1.0, side: 1.0 }
    }
}
