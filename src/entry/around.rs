use domain::Position;

use super::{
    engine::Engine,
    nearby::{Details, Nearby, StoreKey, StorePosition},
    outline::Outline,
    plan::BURST_MS,
    plane::{Plane, Point},
    radio::{SILENCE_REACHES_M, Silence, Track, Transmitter},
};
use crate::sensed::Beacon;

/// Stores weighed at a time: the nearest. Rome's densest 150 m hold 135.
pub const MAX_STORES: usize = 512;

/// Reach of the look-up round the anchor, metres: nearest and farthest.
const REACH_M: (f64, f64) = (60.0, 250.0);

/// Looked up beyond what is wanted, metres.
const SLACK_M: f64 = 20.0;

/// Stores asked for their details: the nearest to the phone, 100 m of Rome's densest. The beacons of
/// stores further off are not missed when they are not heard.
const MAX_DETAILED: usize = 128;

/// Of these, the nearest are weighed by their outlines.
const MAX_OUTLINED: usize = 64;

/// Access points of one store that are looked at.
const MAX_ACCESS_POINTS: usize = 16;

/// Silence is weighed by the second up to this: as long as everything listens when the screen opens.
const SILENCE_FULL_S: i64 = BURST_MS / 1_000;

/// One store being weighed.
#[derive(Clone, Copy, Debug)]
pub struct Store {
    pub key: StoreKey,
    pub point: Point,
    /// Its registered beacon, once asked.
    pub beacon: Option<Beacon>,
    /// Its floor, once asked.
    pub level: Option<f32>,
    /// The ground it covers, square metres; 0 while only its point is known.
    pub area_m2: f64,
    /// Squared metres to it from where the phone is thought to be; 0 inside its outline.
    pub away: f64,
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
pub struct Loaded {
    pub plane: Plane,
    pub reach: f64,
}

impl Engine {
    /// Where to look for stores, and how far.
    fn anchor(&self) -> Option<(Position, f64)> {
        if let Some(estimate) = self.estimate {
            return Some((estimate.position, 3.0 * estimate.sigma + 30.0));
        }
        let heard = self
            .tracks
            .iter()
            .filter_map(|track| {
                Some((track.place?, track.level().map_or(f64::MIN, |(_, level)| level)))
            })
            .max_by(|one, other| one.1.total_cmp(&other.1));
        heard
            .map(|(place, _)| place)
            .or(self.joined)
            .or(self.shown.and_then(|shown| shown.place))
            .or(self.chosen.map(|chosen| chosen.place))
            .map(|place| (place.position, REACH_M.0))
    }

    /// Loads the stores round the anchor, when they are not loaded yet, and those that a sign
    /// names wherever they are.
    pub(super) fn load(&mut self, nearby: &dyn Nearby) {
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
                self.measured_from = None;
            }
        }
        if !self.detailed || stores_before != self.stores.len() {
            self.ask_details(nearby);
        }
        for track in &mut self.tracks {
            if let Some(place) = track.place
                && !track.predicts(self.stores.len())
            {
                let source = track.source;
                let shared = self.shared.contains(&source);
                track.predict(&self.stores, |store| {
                    let its = store.beacon.map(Transmitter::Beacon) == Some(source);
                    store.key == place.key || (shared && its)
                });
                track.speak();
            }
        }
        if self.silence_dirty {
            self.weigh_silence();
        }
    }

    /// Asks for beacon, floor and outline of the nearest stores, once radio is in play.
    fn ask_details(&mut self, nearby: &dyn Nearby) {
        if self.tracks.is_empty() && self.joined.is_none() && !self.scanning {
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
        let named =
            |key: StoreKey| self.tracks.iter().any(|t| t.place.is_some_and(|p| p.key == key));
        let asked = self.stores.iter().enumerate();
        let asked = asked.filter(|(index, store)| *index < MAX_OUTLINED || named(store.key));
        let near: Vec<StoreKey> = asked.map(|(_, store)| store.key).collect();
        let further = self.stores.iter().take(MAX_DETAILED).skip(MAX_OUTLINED);
        let further: Vec<StoreKey> =
            further.map(|store| store.key).filter(|&key| !named(key)).collect();
        self.registered.clear();
        self.take_details(&further, nearby);
        self.take_details(&near, nearby);
        self.find_shared();
        self.keep_outlines();
        // Their addresses are not kept.
        self.details.clear();
    }

    fn take_details(&mut self, keys: &[StoreKey], nearby: &dyn Nearby) {
        self.details.clear();
        nearby.details(keys, &mut self.details);
        for details in &self.details {
            if let Some(store) = self.stores.iter_mut().find(|store| store.key == details.key) {
                store.beacon = details.beacon;
                store.level = details.level;
            }
            let points = details.access_points.iter().take(MAX_ACCESS_POINTS);
            let points = points.copied().map(Transmitter::AccessPoint);
            let beacon = details.beacon.map(Transmitter::Beacon);
            self.registered.extend(beacon.into_iter().chain(points));
        }
    }

    /// Finds what more than one store has registered as its own: it cannot say which of them.
    fn find_shared(&mut self) {
        self.registered.sort_unstable();
        self.shared.clear();
        for pair in self.registered.windows(2) {
            if let [one, other] = pair
                && one == other
                && self.shared.last() != Some(one)
            {
                self.shared.push(*one);
            }
        }
        self.registered.clear();
    }

    /// Keeps the outlines that tell one store from the next. One that several stores share is the
    /// house they are in: measured to it they would all be as near.
    fn keep_outlines(&mut self) {
        self.outlines.clear();
        self.measured_from = None;
        for store in &mut self.stores {
            store.area_m2 = 0.0;
        }
        let Some(loaded) = self.loaded else { return };
        for details in &self.details {
            let same = |other: &&Details| other.footprint == details.footprint;
            if self.details.iter().filter(same).count() > 1 {
                continue;
            }
            if let Some(outline) = Outline::new(&details.footprint, &loaded.plane)
                && let Some(index) = self.stores.iter().position(|store| store.key == details.key)
                && let Some(store) = self.stores.get_mut(index)
            {
                store.area_m2 = outline.area_m2();
                self.outlines.push((index, outline));
            }
        }
    }

    /// Measures how far each store is from `point`.
    pub(super) fn measure(&mut self, point: Point) {
        if self.measured_from == Some(point) {
            return;
        }
        self.measured_from = Some(point);
        for store in &mut self.stores {
            store.away = store.point.distance_squared(point);
        }
        for (index, outline) in &self.outlines {
            if let Some(store) = self.stores.get_mut(*index) {
                store.away = outline.distance_squared(point);
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
        let silence = Silence::new(silent_s as u32);
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
                    store.silence += silence.against(&silent, store);
                }
            }
        }
    }

    /// Whole seconds of listening in the present scan, at most [`SILENCE_FULL_S`]; once the scan
    /// is over, what it came to.
    pub(super) fn silence_s(&self) -> i64 {
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
        self.outlines.clear();
        self.measured_from = None;
        self.detailed = false;
        self.silence_dirty = true;
        for track in &mut self.tracks {
            track.forget_stores();
        }
        self.side_dirty = true;
    }
}

impl Store {
    fn new(place: &StorePosition, plane: &Plane) -> Self {
        let point = plane.point(place.position);
        let (beacon, level) = (None, None);
        Self {
            key: place.key,
            point,
            beacon,
            level,
            area_m2: 0.0,
            away: 0.0,
            silence: 0.0,
            near: 1.0,
            side: 1.0,
            outside: 1.0,
        }
    }
}
