//! The stores of an extract as the judgement's `Nearby`, with the beacons that some of them have.

use std::collections::HashMap;

use domain::{Position, Store, StoreId};
use tillsight::{
    entry::{Details, Nearby, StoreKey, StorePosition, level},
    sensed::Beacon,
};

/// Metres in a degree of latitude.
pub const METRES_A_DEGREE: f64 = 111_195.0;

/// Of a hundred stores, how many have a beacon: an assumption of trials.
const WITH_BEACON: u128 = 35;

/// Stores, keyed by their place in the list.
pub struct World {
    stores: Vec<Store>,
    by_id: HashMap<StoreId, usize>,
}

impl World {
    /// # Errors
    /// When there is no store, or more than the minor ids of beacons.
    pub fn of(mut stores: Vec<Store>) -> anyhow::Result<Self> {
        anyhow::ensure!(!stores.is_empty(), "the extract holds no store; try another one");
        stores.truncate(usize::from(u16::MAX));
        let by_id = stores.iter().enumerate().map(|(index, store)| (store.id, index)).collect();
        Ok(Self { stores, by_id })
    }

    pub fn len(&self) -> usize {
        self.stores.len()
    }

    pub fn key(&self, index: usize) -> StoreKey {
        StoreKey(i64::try_from(index).unwrap_or(i64::MAX))
    }

    pub fn position(&self, index: usize) -> Position {
        self.stores.get(index).map_or_else(|| self.stores[0].position, |store| store.position)
    }

    /// The floor, 0 where it is unknown.
    pub fn floor(&self, index: usize) -> f64 {
        let floor = self.stores.get(index).and_then(|store| level(&store.level));
        floor.map_or(0.0, f64::from)
    }

    /// The beacon of a store that has one; the same store always has or has not.
    pub fn beacon(&self, index: usize) -> Option<Beacon> {
        let has = self.stores.get(index)?.id.0.as_u128() % 100 < WITH_BEACON;
        has.then(|| Beacon { major: 1, minor: u16::try_from(index).unwrap_or(0) })
    }

    /// Metres east and north from a point to a store.
    pub fn offset(&self, index: usize, from: Position) -> (f64, f64) {
        let to = self.position(index);
        let a_degree_east = METRES_A_DEGREE * from.lat().to_radians().cos();
        ((to.lon() - from.lon()) * a_degree_east, (to.lat() - from.lat()) * METRES_A_DEGREE)
    }

    /// The stores at most so far away, by index.
    pub fn near(&self, from: Position, metres: f64) -> impl Iterator<Item = usize> {
        (0..self.stores.len()).filter(move |&index| {
            let (east, north) = self.offset(index, from);
            east.hypot(north) <= metres
        })
    }

    fn place(&self, index: usize) -> Option<StorePosition> {
        let position = self.stores.get(index)?.position;
        Some(StorePosition { key: self.key(index), position })
    }
}

impl Nearby for World {
    fn within(&self, centre: Position, radius_m: f64, out: &mut Vec<StorePosition>) {
        out.extend(self.near(centre, radius_m).filter_map(|index| self.place(index)));
    }

    fn by_beacon(&self, beacon: Beacon) -> Option<StorePosition> {
        let index = usize::from(beacon.minor);
        self.place(index).filter(|_| self.beacon(index) == Some(beacon))
    }

    fn by_id(&self, id: StoreId) -> Option<StorePosition> {
        self.place(*self.by_id.get(&id)?)
    }

    fn details(&self, keys: &[StoreKey], out: &mut Vec<Details>) {
        out.extend(keys.iter().filter_map(|&key| {
            let index = usize::try_from(key.0).ok()?;
            let store = self.stores.get(index)?;
            Some(Details {
                key,
                beacon: self.beacon(index),
                access_points: Vec::new(),
                level: level(&store.level),
                footprint: store.footprint.clone(),
            })
        }));
    }
}
