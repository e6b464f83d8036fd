//! Which stores are near a place.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use domain::{Position, Store, StoreId};
use rstar::{AABB, PointDistance, RTree, RTreeObject};
use server_kit::{Connection, DatabaseError};
use signs::store_code::distance_m;
use sqlx::query_as;
use uuid::Uuid;

use super::{
    damaged::whole,
    table::{of_ids, revision},
};

/// Mean radius of the earth, metres (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// Which stores are near a place: an index in memory over the whole register, made anew when the
/// register has changed.
#[derive(Default)]
pub struct Nearby {
    index: RwLock<Arc<Index>>,
    /// Held while an index is made, so that it is made once.
    making: tokio::sync::Mutex<()>,
}

/// The index at one revision of the register.
pub struct Index {
    revision: i64,
    tree: RTree<IndexedStore>,
}

impl Default for Index {
    fn default() -> Self {
        // No register has this revision, so the first use makes the index.
        Self { revision: -1, tree: RTree::new() }
    }
}

struct IndexedStore {
    store: StoreId,
    position: Position,
    on_sphere: [f64; 3],
}

impl RTreeObject for IndexedStore {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(self.on_sphere)
    }
}

impl PointDistance for IndexedStore {
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

impl Nearby {
    /// The index of the register as it is now.
    pub async fn current(&self, connection: &mut Connection) -> Result<Arc<Index>, DatabaseError> {
        let revision = revision(&mut *connection).await?;
        if let Some(index) = self.at(revision) {
            return Ok(index);
        }
        let _making = self.making.lock().await;
        if let Some(index) = self.at(revision) {
            return Ok(index);
        }
        let places = query_as("SELECT id, lat_e7, lon_e7 FROM store");
        let rows: Vec<(String, i32, i32)> = whole(places.fetch(connection)).await?;
        let made = tokio::task::spawn_blocking(move || Index::new(revision, rows));
        let index = Arc::new(made.await.map_err(|_| DatabaseError::WorkerCrashed)?);
        tracing::info!(stores = index.tree.size(), "the index of stores was made");
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&index);
        Ok(index)
    }

    /// At most `most` stores within `radius_m` metres, the nearest first, each with its distance in
    /// metres.
    pub async fn near(
        &self,
        connection: &mut Connection,
        position: Position,
        radius_m: f64,
        most: usize,
    ) -> Result<Vec<(Store, f64)>, DatabaseError> {
        let held = self.held();
        let found = held.within(position, radius_m, most);
        let (revision, stores) = of_ids(connection, &ids(&found)).await?;
        if held.revision >= revision {
            return Ok(with_distances(found, stores));
        }
        let current = self.current(connection).await?;
        let found = current.within(position, radius_m, most);
        let (_, stores) = of_ids(connection, &ids(&found)).await?;
        Ok(with_distances(found, stores))
    }

    fn held(&self) -> Arc<Index> {
        Arc::clone(&self.index.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn at(&self, revision: i64) -> Option<Arc<Index>> {
        Some(self.held()).filter(|index| index.revision >= revision)
    }
}

fn ids(found: &[(StoreId, f64)]) -> Vec<StoreId> {
    found.iter().map(|(id, _)| *id).collect()
}

/// The stores in the order in which they were found.
fn with_distances(found: Vec<(StoreId, f64)>, stores: Vec<Store>) -> Vec<(Store, f64)> {
    let mut stores: HashMap<_, _> = stores.into_iter().map(|store| (store.id, store)).collect();
    found.into_iter().filter_map(|(id, metres)| Some((stores.remove(&id)?, metres))).collect()
}

impl Index {
    fn new(revision: i64, rows: Vec<(String, i32, i32)>) -> Self {
        let places = rows.into_iter().filter_map(|(id, lat_e7, lon_e7)| {
            let position = Position::from_e7(lat_e7, lon_e7).ok()?;
            let store = StoreId(Uuid::parse_str(&id).ok()?);
            Some(IndexedStore { store, position, on_sphere: on_sphere(position) })
        });
        Self { revision, tree: RTree::bulk_load(places.collect()) }
    }

    /// At most `most` stores within `radius_m` metres of `position`, the nearest first, each with
    /// its distance in metres.
    pub fn within(&self, position: Position, radius_m: f64, most: usize) -> Vec<(StoreId, f64)> {
        let here = (position.lat(), position.lon());
        let from = on_sphere(position);
        // The chord of the radius, a hair longer: the distance itself decides.
        let chord = (radius_m / EARTH_RADIUS_M).min(2.0) * 1.001;
        let mut found: Vec<(StoreId, f64)> = self
            .tree
            .nearest_neighbor_iter(from)
            .take_while(|place| place.distance_2(&from) <= chord * chord)
            .map(|place| {
                (place.store, distance_m(here, (place.position.lat(), place.position.lon())))
            })
            .filter(|(_, distance)| *distance <= radius_m)
            .take(most)
            .collect();
        // Equal distances in the order of ids: the same question gets the same answer.
        found.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        found
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn index(places: &[(i32, i32)]) -> Index {
        let row = |(nth, at): (u128, &(i32, i32))| (Uuid::from_u128(nth).to_string(), at.0, at.1);
        Index::new(1, (0..).zip(places).map(row).collect())
    }

    fn numbers(found: &[(StoreId, f64)]) -> Vec<u128> {
        found.iter().map(|(store, _)| store.0.as_u128()).collect()
    }

    #[test]
    fn a_store_across_the_antimeridian_or_the_pole_is_near() {
        let index = index(&[(0, 1_799_999_000), (0, -1_799_999_000), (899_999_000, 900_000_000)]);
        let fiji = index.within(Position::from_e7(0, 1_799_999_000).unwrap(), 50.0, 9);
        assert_eq!(numbers(&fiji), [0, 1]);
        assert!((20.0..25.0).contains(&fiji[1].1), "{} m", fiji[1].1);
        let pole = index.within(Position::from_e7(899_999_000, -900_000_000).unwrap(), 50.0, 9);
        assert_eq!(numbers(&pole), [2]);
    }

    proptest! {
        #[test]
        fn the_index_finds_what_looking_at_every_store_finds(
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
            let found = index(&places).within(here, radius, most);
            prop_assert_eq!(found.len(), expected.len());
            for ((_, found), (_, expected)) in found.iter().zip(&expected) {
                // Which of two equally far stores is left out by `most` is open; how far is not.
                prop_assert!((found - expected).abs() < 1e-6);
            }
        }
    }
}
