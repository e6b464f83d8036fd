//! The register at one revision, held in memory: where the stores are, and their records.

use std::collections::HashMap;

use domain::{Bssid, Position, Store, StoreId};
use rstar::{AABB, PointDistance, RTree, RTreeObject};
use signs::store_code::distance_m;

/// Mean radius of the earth, metres (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// All stores of the register. Records are kept as bytes, since most are not asked for, and
/// values take more room.
pub struct Snapshot {
    /// The register's revision.
    pub revision: i64,
    places: RTree<StorePlace>,
    /// The records, one after the other.
    records: Vec<u8>,
    /// Where the record of the store with an access point begins: of the first that claims it.
    access_points: HashMap<Bssid, usize>,
}

/// A snapshot in the making.
#[derive(Default)]
pub struct Gathered {
    places: Vec<StorePlace>,
    records: Vec<u8>,
    access_points: HashMap<Bssid, usize>,
}

struct StorePlace {
    store: StoreId,
    position: Position,
    on_sphere: [f64; 3],
    /// Where its record begins.
    record: usize,
}

impl RTreeObject for StorePlace {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(self.on_sphere)
    }
}

impl PointDistance for StorePlace {
    fn distance_2(&self, point: &[f64; 3]) -> f64 {
        self.on_sphere.iter().zip(point).map(|(a, b)| (a - b) * (a - b)).sum()
    }
}

/// A point of the unit sphere. Straight distances between such points order places as distances on
/// the ground do, at the poles and across the antimeridian too.
fn on_sphere(position: Position) -> [f64; 3] {
    let (lat, lon) = (position.lat().to_radians(), position.lon().to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

impl Gathered {
    /// Adds a store.
    pub fn add(&mut self, store: &Store) {
        let record = self.records.len();
        // Bytes are appended to memory; a store has no value that has no form.
        let Ok(records) = postcard::to_extend(store, std::mem::take(&mut self.records)) else {
            return;
        };
        self.records = records;
        for address in &store.access_points {
            self.access_points.entry(*address).or_insert(record);
        }
        let (position, on_sphere) = (store.position, on_sphere(store.position));
        self.places.push(StorePlace { store: store.id, position, on_sphere, record });
    }

    /// The snapshot of all that were added, at `revision`.
    pub fn at(mut self, revision: i64) -> Snapshot {
        self.records.shrink_to_fit();
        let Self { places, records, access_points } = self;
        Snapshot { revision, places: RTree::bulk_load(places), records, access_points }
    }
}

impl Default for Snapshot {
    fn default() -> Self {
        // No register has this revision, so the first use makes one.
        Gathered::default().at(-1)
    }
}

impl Snapshot {
    /// How many stores it has.
    pub fn len(&self) -> usize {
        self.places.size()
    }

    /// At most `most` stores within `radius_m` metres of `position`, the nearest first, each with
    /// its distance in metres.
    pub fn within(&self, position: Position, radius_m: f64, most: usize) -> Vec<(Store, f64)> {
        let here = (position.lat(), position.lon());
        let from = on_sphere(position);
        // The chord of the radius, a hair longer: the distance itself decides.
        let chord = (radius_m / EARTH_RADIUS_M).min(2.0) * 1.001;
        let mut found: Vec<(&StorePlace, f64)> = self
            .places
            .nearest_neighbor_iter(from)
            .take_while(|place| place.distance_2(&from) <= chord * chord)
            .map(|place| (place, distance_m(here, (place.position.lat(), place.position.lon()))))
            .filter(|(_, distance)| *distance <= radius_m)
            .take(most)
            .collect();
        // Equal distances in the order of ids: the same question gets the same answer.
        found.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.store.cmp(&b.0.store)));
        let record =
            |(place, distance): (&StorePlace, f64)| Some((self.record(place.record)?, distance));
        found.into_iter().filter_map(record).collect()
    }

    /// The store with this access point.
    pub fn of_access_point(&self, address: Bssid) -> Option<Store> {
        self.record(*self.access_points.get(&address)?)
    }

    fn record(&self, begins: usize) -> Option<Store> {
        let (store, _) = postcard::take_from_bytes(self.records.get(begins..)?).ok()?;
        Some(store)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn store(id: StoreId, name: String, position: Position) -> Store {
        Store {
            id,
            name,
            position,
            reference: String::new(),
            industry: "shop=bakery".to_owned(),
            address: Default::default(),
            phone: String::new(),
            footprint: vec![position],
            level: String::new(),
            currency: domain::Currency::EUR,
            accepted: Default::default(),
            beacon: Some((1, 2)),
            access_points: Vec::new(),
            attribution: String::new(),
            licence: String::new(),
        }
    }

    fn snapshot(places: &[(i32, i32)]) -> Snapshot {
        let mut gathered = Gathered::default();
        for (nth, (lat_e7, lon_e7)) in (0..).zip(places) {
            let position = Position::from_e7(*lat_e7, *lon_e7).unwrap();
            let (id, name) = (StoreId(Uuid::from_u128(nth)), nth.to_string());
            gathered.add(&store(id, name, position));
        }
        gathered.at(1)
    }

    fn numbers(found: &[(Store, f64)]) -> Vec<u128> {
        let number = |(store, _): &(Store, f64)| {
            assert_eq!(store.id.0.as_u128().to_string(), store.name, "another's record");
            store.id.0.as_u128()
        };
        found.iter().map(number).collect()
    }

    #[test]
    fn a_store_across_the_antimeridian_or_the_pole_is_near() {
        let stores =
            snapshot(&[(0, 1_799_999_000), (0, -1_799_999_000), (899_999_000, 900_000_000)]);
        let fiji = stores.within(Position::from_e7(0, 1_799_999_000).unwrap(), 50.0, 9);
        assert_eq!(numbers(&fiji), [0, 1]);
        assert!((20.0..25.0).contains(&fiji[1].1), "{} m", fiji[1].1);
        let pole = stores.within(Position::from_e7(899_999_000, -900_000_000).unwrap(), 50.0, 9);
        assert_eq!(numbers(&pole), [2]);
    }

    proptest! {
        #[test]
        fn the_snapshot_finds_what_looking_at_every_store_finds(
            places in proptest::collection::vec((-20_000..20_000, -20_000..20_000), 0..200),
            latitude in -899_000_000..899_000_000,
            radius in 0.0..400.0,
            most in 1_usize..30,
        ) {
            let places: Vec<(i32, i32)> =
                places.into_iter().map(|(lat, lon)| (latitude + lat, lon)).collect();
            let here = Position::from_e7(latitude, 0).unwrap();
            let mut expected: Vec<(u128, f64)> = (0..)
                .zip(&places)
                .map(|(nth, at)| {
                    let at = (f64::from(at.0) / 1e7, f64::from(at.1) / 1e7);
                    (nth, distance_m((here.lat(), here.lon()), at))
                })
                .filter(|(_, distance)| *distance <= radius)
                .collect();
            expected.sort_by(|a, b| a.1.total_cmp(&b.1));
            expected.truncate(most);
            let found = snapshot(&places).within(here, radius, most);
            prop_assert_eq!(numbers(&found).len(), expected.len());
            for ((_, found), (_, expected)) in found.iter().zip(&expected) {
                // Which of two equally far stores is left out by `most` is open; how far is not.
                prop_assert!((found - expected).abs() < 1e-6);
            }
        }
    }
}
