//! What the judgement asks of the cache.

use domain::{Position, StoreId};

use crate::sensed::{Beacon, Bssid};

/// The cache's row key of a store. Means nothing outside this cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoreKey(pub i64);

/// A store as the spatial index knows it: what can be had without a join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorePosition {
    /// Which store.
    pub key: StoreKey,
    /// Where the store is.
    pub position: Position,
}

/// What else the judgement uses of a store, asked only when radio is in play.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    /// The row key asked for.
    pub key: StoreKey,
    /// Its registered beacon.
    pub beacon: Option<Beacon>,
    /// The radio addresses of its access points, where known.
    pub access_points: Vec<Bssid>,
    /// Its floor, 0 = ground; absent when unknown.
    pub level: Option<f32>,
    /// The outline of it or of its building, first point not repeated; empty when unknown. One
    /// that several stores share is not used.
    pub footprint: Vec<Position>,
}

/// The stores around, as the cache holds them. Every answer may be empty; none blocks for long.
pub trait Nearby {
    /// Appends every store at most `radius_m` metres from `centre`; a few more (the corners of the
    /// enclosing box) do no harm.
    fn within(&self, centre: Position, radius_m: f64, out: &mut Vec<StorePosition>);
    /// The store a beacon is registered to.
    fn by_beacon(&self, beacon: Beacon) -> Option<StorePosition>;
    /// The store an access point is registered to. A register without access points knows none.
    fn by_access_point(&self, _address: Bssid) -> Option<StorePosition> {
        None
    }
    /// A store of the cache.
    fn by_id(&self, id: StoreId) -> Option<StorePosition>;
    /// Appends what is known of the stores with these keys, in any order; unknown keys are left
    /// out. At most 512 keys are asked at once.
    fn details(&self, keys: &[StoreKey], out: &mut Vec<Details>);
}
