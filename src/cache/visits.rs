//! When the phone was where: written together and once in a while, since every write wears the storage and
//! makes the reader read its pages anew.

use std::sync::PoisonError;

use domain::{
    Timestamp,
    wire::{Cell, TileId},
};
use rusqlite::{Transaction, params};

use super::{
    opening::{Cache, CacheError},
    parts::parts,
};

/// A tile's visits are told apart no finer: a phone looks at its place every minute.
pub(crate) const NOTED_FOR_MS: i64 = 3_600_000;

/// Visits that wait are written before there are more: a plane crosses so many tiles in an hour.
const MOST_WAITING: usize = 256;

/// What waits to be written. An app that is killed loses it, and then these places are forgotten a little earlier.
#[derive(Default)]
pub(super) struct Visits {
    waiting: Vec<(TileId, Timestamp)>,
    written_at: Option<Timestamp>,
}

impl Visits {
    fn add(&mut self, tile: TileId, now: Timestamp) {
        self.waiting.retain(|(known, _)| *known != tile);
        self.waiting.push((tile, now));
    }

    /// What is to be written now: the first at once, since an app may not run for long.
    fn due(&mut self, now: Timestamp) -> Vec<(TileId, Timestamp)> {
        let is_recent = |at: Timestamp| now.millis_since(at).abs() < NOTED_FOR_MS;
        if self.waiting.len() < MOST_WAITING && self.written_at.is_some_and(is_recent) {
            return Vec::new();
        }
        self.written_at = Some(now);
        std::mem::take(&mut self.waiting)
    }
}

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

pub(super) fn write(
    transaction: &Transaction<'_>,
    visits: &[(TileId, Timestamp)],
) -> Result<(), rusqlite::Error> {
    let mut visit =
        transaction.prepare_cached("UPDATE tile SET visited_at = ?2 WHERE first = ?1")?;
    for (tile, at) in visits {
        for part in parts(transaction, *tile)?.0 {
            visit.execute(params![part.first, at.0])?;
        }
    }
    Ok(())
}
