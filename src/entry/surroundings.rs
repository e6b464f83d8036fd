//! The stores around that are weighed: loaded from the cache, with their beacons, floors and
//! outlines once radio is in play.

use domain::{Position, order};

use super::{
    nearby::{Details, Nearby, StoreKey, StorePosition},
    outline::Outline,
    projection::{Point, Projection},
    transmitter::Transmitter,
};
use crate::sensed::Beacon;

/// Stores weighed at a time: the nearest. Rome's densest 150 m hold 135.
pub const MAX_STORES: usize = 512;

/// Reach of the look-up round the anchor, metres: nearest and farthest.
const REACH_M: (f64, f64) = (60.0, 250.0);

/// Looked up beyond what is wanted, metres, so that the next fix, a few metres off, needs no
/// look-up.
const SLACK_M: f64 = 20.0;

/// Stores asked for their details: the nearest to the phone, 100 m of Rome's densest. The beacons of
/// stores further off are not missed when they are not heard.
const MAX_DETAILED: usize = 128;

/// Of these, the nearest are weighed by their outlines.
const MAX_OUTLINED: usize = 64;

/// Access points of one store that are looked at.
const MAX_ACCESS_POINTS: usize = 16;

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
}

/// Where to look for stores.
#[derive(Clone, Copy, Debug)]
pub struct Anchor {
    pub centre: Position,
    /// Metres round the centre within which the phone may be.
    pub radius_m: f64,
}

/// What decides which stores are weighed, and what is asked of them.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// `None` when nobody knows where the phone is.
    pub anchor: Option<Anchor>,
    /// Stores that a sign names, wherever they are.
    pub named: &'a [StorePosition],
    /// Changes with `named`.
    pub named_revision: (u64, u64),
    /// Radio is in play: beacons, floors and outlines matter.
    pub details: bool,
    /// Where the phone probably is.
    pub phone: Option<Position>,
}

/// The circle of the map whose stores are loaded.
#[derive(Clone, Copy, Debug)]
struct Loaded {
    projection: Projection,
    reach_m: f64,
}

/// The stores around.
#[derive(Debug, Default)]
pub struct Surroundings {
    loaded: Option<Loaded>,
    stores: Vec<Store>,
    /// The outlines that are one store's alone, with that store's index.
    outlines: Vec<(usize, Outline)>,
    /// What more than one of the stores has registered as its own.
    shared: Vec<Transmitter>,
    /// Grows with every change of the stores.
    revision: u64,
    /// The revision whose details are known.
    detailed: Option<u64>,
    /// The named stores that are among the stores of this revision.
    named: Option<((u64, u64), u64)>,
    /// Squared metres to each store, for the stores of this revision from this point; 0 inside an
    /// outline.
    away: (Option<(u64, Point)>, Vec<f64>),
    /// Kept for its memory.
    positions: Vec<StorePosition>,
}

impl Surroundings {
    /// The stores, in the order of all that is said of them.
    pub fn stores(&self) -> &[Store] {
        &self.stores
    }

    /// Changes with the stores, their order and what is known of them.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The map on which they lie.
    pub fn projection(&self) -> Option<&Projection> {
        self.loaded.as_ref().map(|loaded| &loaded.projection)
    }

    /// Whether more than one store has this transmitter registered: it cannot say which of them.
    pub fn shares(&self, transmitter: Transmitter) -> bool {
        self.shared.contains(&transmitter)
    }

    /// Squared metres to each store from where [`Surroundings::measure`] measured last.
    pub fn away(&self) -> &[f64] {
        &self.away.1
    }

    /// Forgets the stores: the cache has learnt of other ones.
    pub fn forget(&mut self) {
        self.loaded = None;
        self.stores.clear();
        self.outlines.clear();
        self.revision += 1;
    }

    /// Brings the stores up to date.
    pub fn look(&mut self, look: Look<'_>, nearby: &dyn Nearby) {
        match look.anchor {
            Some(anchor) => self.load_round(anchor, nearby),
            None if self.loaded.is_some() => self.forget(),
            None => {}
        }
        let Some(Loaded { projection, .. }) = self.loaded else { return };
        self.add_named(&look, &projection);
        if look.details && self.detailed != Some(self.revision) {
            self.ask_details(&look, &projection, nearby);
        }
    }

    fn add_named(&mut self, look: &Look<'_>, projection: &Projection) {
        if self.named == Some((look.named_revision, self.revision)) {
            return;
        }
        for named in look.named {
            if !self.stores.iter().any(|store| store.key == named.key) {
                self.stores.push(Store::new(named, projection));
                self.revision += 1;
            }
        }
        self.named = Some((look.named_revision, self.revision));
    }

    fn load_round(&mut self, Anchor { centre, radius_m }: Anchor, nearby: &dyn Nearby) {
        let wanted_m = radius_m.clamp(REACH_M.0, REACH_M.1);
        if let Some(loaded) = &self.loaded
            && loaded.projection.point(centre).distance(Point::ORIGIN) + wanted_m <= loaded.reach_m
        {
            return;
        }
        let reach_m = wanted_m + SLACK_M;
        let projection = Projection::at(centre);
        self.positions.clear();
        nearby.within(centre, reach_m, &mut self.positions);
        self.stores.clear();
        self.stores.extend(self.positions.iter().map(|at| Store::new(at, &projection)));
        if self.stores.len() > MAX_STORES {
            self.stores.select_nth_unstable_by(MAX_STORES - 1, nearest_to(Point::ORIGIN));
            self.stores.truncate(MAX_STORES);
        }
        self.loaded = Some(Loaded { projection, reach_m });
        self.outlines.clear();
        self.revision += 1;
    }

    /// Asks for beacon, floor and outline of the nearest stores.
    fn ask_details(&mut self, look: &Look<'_>, projection: &Projection, nearby: &dyn Nearby) {
        let phone = look.phone.map_or(Point::ORIGIN, |phone| projection.point(phone));
        // The nearest first; those that a sign named stay in although they are far.
        order::sort_by(&mut self.stores, nearest_to(phone));
        let named = |key: StoreKey| look.named.iter().any(|store| store.key == key);
        let keys = self.stores.iter().map(|store| store.key).enumerate();
        let (near, rest): (Vec<_>, Vec<_>) =
            keys.partition(|&(index, key)| index < MAX_OUTLINED || named(key));
        let far: Vec<_> = rest.into_iter().filter(|&(index, _)| index < MAX_DETAILED).collect();
        let mut registered = Vec::new();
        self.take_details(&far, &mut registered, nearby);
        let details = self.take_details(&near, &mut registered, nearby);
        self.find_shared(registered);
        self.keep_outlines(&details, projection);
        self.revision += 1;
        self.detailed = Some(self.revision);
        self.named = Some((look.named_revision, self.revision));
    }

    /// Takes beacon and floor of these stores, and what they have registered as their own.
    fn take_details(
        &mut self,
        asked: &[(usize, StoreKey)],
        registered: &mut Vec<Transmitter>,
        nearby: &dyn Nearby,
    ) -> Vec<Details> {
        let keys: Vec<StoreKey> = asked.iter().map(|&(_, key)| key).collect();
        let mut found = Vec::new();
        nearby.details(&keys, &mut found);
        for details in &found {
            if let Some(store) = self.stores.iter_mut().find(|store| store.key == details.key) {
                store.beacon = details.beacon;
                store.level = details.level;
            }
            let points = details.access_points.iter().take(MAX_ACCESS_POINTS);
            registered.extend(details.beacon.map(Transmitter::Beacon));
            registered.extend(points.copied().map(Transmitter::AccessPoint));
        }
        found
    }

    /// Finds what more than one store has registered as its own.
    fn find_shared(&mut self, mut registered: Vec<Transmitter>) {
        order::sort(&mut registered);
        let twice = registered.chunk_by(PartialEq::eq).filter(|same| same.len() > 1);
        self.shared.clear();
        self.shared.extend(twice.filter_map(|same| same.first()));
    }

    /// Keeps the outlines that tell one store from the next. One that several stores share is the
    /// house they are in: measured to it they would all be as near.
    fn keep_outlines(&mut self, details: &[Details], projection: &Projection) {
        self.outlines.clear();
        self.stores.iter_mut().for_each(|store| store.area_m2 = 0.0);
        for of in details {
            if details.iter().filter(|other| other.footprint == of.footprint).count() > 1 {
                continue;
            }
            if let Some(outline) = Outline::new(&of.footprint, projection)
                && let Some(index) = self.stores.iter().position(|store| store.key == of.key)
                && let Some(store) = self.stores.get_mut(index)
            {
                store.area_m2 = outline.area_m2();
                self.outlines.push((index, outline));
            }
        }
    }

    /// Measures how far each store is from `point`.
    pub fn measure(&mut self, point: Point) {
        let key = Some((self.revision, point));
        if self.away.0 == key {
            return;
        }
        let (measured, away) = &mut self.away;
        *measured = key;
        away.clear();
        away.extend(self.stores.iter().map(|store| store.point.distance_squared(point)));
        for (index, outline) in &self.outlines {
            if let Some(away) = away.get_mut(*index) {
                *away = outline.distance_squared(point);
            }
        }
    }

    /// Squared metres to a store from where was measured last.
    pub fn away_of(&self, key: StoreKey) -> Option<f64> {
        let index = self.stores.iter().position(|store| store.key == key)?;
        self.away.1.get(index).copied()
    }
}

impl Anchor {
    /// Round a store that a sign names.
    pub fn at(store: StorePosition) -> Self {
        Self { centre: store.position, radius_m: REACH_M.0 }
    }
}

impl Store {
    fn new(at: &StorePosition, projection: &Projection) -> Self {
        let point = projection.point(at.position);
        Self { key: at.key, point, beacon: None, level: None, area_m2: 0.0 }
    }
}

/// Orders stores by their distance to `point`, equally far ones by their keys.
fn nearest_to(point: Point) -> impl Fn(&Store, &Store) -> std::cmp::Ordering {
    move |one, other| {
        let far = |store: &Store| store.point.distance_squared(point);
        far(one).total_cmp(&far(other)).then(one.key.cmp(&other.key))
    }
}
