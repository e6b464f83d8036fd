//! The phone is somewhere: noted for the cache, and written once visits are due.

use std::sync::PoisonError;

use domain::{
    Timestamp,
    wire::{Cell, TileId},
};

use super::{
    opening::{Cache, CacheError},
    visits::{NOTED_FOR_MS, Visits, write},
};

impl Cache {
    /// Notes that the phone was where these tiles are, unless that was noted a while ago.
    ///
    /// # Errors
    /// [`CacheError`].
    pub fn visit_tiles(&self, tiles: &[TileId], now: Timestamp) -> Result<(), CacheError> {
        let is_due = |tile: &&TileId| {
            let first = Cell::numbered(tile.cells().start);
            let visited_at = first.and_then(|cell| self.visited_at(cell));
            visited_at.is_some_and(|at| now.millis_since(at).abs() >= NOTED_FOR_MS)
        };
        let tiles: Vec<_> = tiles.iter().filter(is_due).collect();
        if tiles.is_empty() {
            return Ok(());
        }
        let due = self.visits(|visits| {
            tiles.into_iter().for_each(|tile| visits.add(*tile, now));
            visits.due(now)
        });
        if due.is_empty() { Ok(()) } else { self.writing(|transaction| write(transaction, &due)) }
    }

    /// The visits that wait, to be written with what is written anyway.
    pub(super) fn waiting_visits(&self) -> Vec<(TileId, Timestamp)> {
        self.visits(|visits| std::mem::take(&mut visits.waiting))
    }

    fn visits<T>(&self, call: impl FnOnce(&mut Visits) -> T) -> T {
        call(&mut self.visits.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
