use std::sync::{Arc, PoisonError, RwLock};

use domain::{Position, StoreId};
use rstar::{AABB, PointDistance, RTree, RTreeObject};
use signs::store_code::distance_m;
use sqlx::SqlitePool;
use uuid::Uuid;

/// Mean radius of the earth, metres (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// Which stores are near a place: an index in memory over the whole register, made anew when the
/// register has changed.
#[derive(Default)]
pub(crate) struct Nearby {
    index: RwLock<Arc<Index>>,
    /// Held while an index is made, so that it is made once.
    making: tokio::sync::Mutex<()>,
}

/// The index at one revision of the register.
pub(crate) struct Index {
    revision: i64,
    tree: RTree<Place>,
}

impl Default for Index {
    fn default() -> Self {
        // No register has this revision, so the first use makes the index.
        Self { revision: -1, tree: RTree::new() }
    }
}

struct Place {
    store: StoreId,
    position: Position,
    on_sphere: [f64; 3],
}

impl RTreeObject for Place {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(self.on_sphere)
    }
}

impl PointDistance for Place {
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
    pub async fn current(&self, pool: &SqlitePool) -> sqlx::Result<Arc<Index>> {
        let revision = revision(pool).await?;
        if let Some(index) = self.at(revision) {
            return Ok(index);
        }
        let _making = self.making.lock().await;
        if let Some(index) = self.at(revision) {
            return Ok(index);
        }
        let rows: Vec<(String, i32, i32)> =
            sqlx::query_as("SELECT id, lat_e7, lon_e7 FROM store").fetch_all(pool).await?;
        let made = tokio::task::spawn_blocking(move || Index::new(revision, rows));
        let index = Arc::new(made.await.map_err(|_| sqlx::Error::WorkerCrashed)?);
        tracing::info!(stores = index.tree.size(), "the index of stores was made");
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&index);
        Ok(index)
    }

    fn at(&self, revision: i64) -> Option<Arc<Index>> {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        (index.revision >= revision).then(|| Arc::clone(&index))
    }
}

impl Index {
    fn new(revision: i64, rows: Vec<(String, i32, i32)>) -> Self {
        let places = rows.into_iter().filter_map(|(id, lat_e7, lon_e7)| {
            let position = Position::from_e7(lat_e7, lon_e7).ok()?;
            let store = StoreId(Uuid::parse_str(&id).ok()?);
            Some(Place { store, position, on_sphere: on_sphere(position) })
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

/// Grows with every change to the register.
pub(crate) async fn revision(pool: &SqlitePool) -> sqlx::Result<i64> {
    let (revision,): (i64,) =
        sqlx::query_as("SELECT revision FROM register_revision").fetch_one(pool).await?;
    Ok(revision)
}
