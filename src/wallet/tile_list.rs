//! Which tiles there are, as the register said last.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{
    Timestamp,
    wire::{BodyDigest, TileList},
};

use crate::{cache::Cache, server::from_json};

/// Tiles change when a register is imported, a few times a day at most.
pub(super) const TILE_FRESH_MS: i64 = 24 * 3_600_000;

/// Owns the list.
#[derive(Default)]
pub(super) struct KnownTiles(
    /// With when the server last said that it is so. Taken alone.
    Mutex<Option<(Arc<TileList>, Timestamp)>>,
);

impl KnownTiles {
    /// As it was kept.
    pub fn kept(cache: &Cache) -> Self {
        let known = Self::default();
        known.read_anew(cache);
        known
    }

    /// What is kept may be another list now, or none.
    pub fn read_anew(&self, cache: &Cache) {
        let held = cache.tile_list();
        let list = held.and_then(|held| {
            let list: TileList = from_json(&held.body).ok()?;
            Some((Arc::new(list), held.fetched_at))
        });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = list;
    }

    /// The list, once there is one.
    pub fn get(&self) -> Option<Arc<TileList>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map(|known| Arc::clone(&known.0))
    }

    /// What the server says now; `None` for the same as before.
    pub fn heard(&self, list: Option<TileList>, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match (list, known.as_mut()) {
            (Some(list), _) => *known = Some((Arc::new(list), now)),
            (None, Some(known)) => known.1 = now,
            (None, None) => {}
        }
    }

    /// Whether it was not heard for as long as a tile may be old.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = known.as_ref().map(|(_, at)| *at);
        !heard.is_some_and(|at| (0..TILE_FRESH_MS).contains(&now.millis_since(at)))
    }

    /// The tag under which the phone has a list, and the digest of it.
    pub fn held(cache: &Cache) -> Option<(String, BodyDigest)> {
        let held = cache.tile_list()?;
        Some((held.etag?, BodyDigest::of(&held.body)))
    }
}
