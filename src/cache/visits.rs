//! When the phone was where: written together and once in a while, since every write wears the storage and
//! makes the reader read its pages anew.

use domain::{Timestamp, wire::TileId};
use rusqlite::{Transaction, params};

use super::parts::parts;

/// A tile's visits are told apart no finer: a phone looks at its place every minute.
pub(crate) const NOTED_FOR_MS: i64 = 3_600_000;

/// Visits that wait are written before there are more: a plane crosses so many tiles in an hour.
const MOST_WAITING: usize = 256;

/// What waits to be written. An app that is killed loses it, and then these places are forgotten a little earlier.
#[derive(Default)]
pub(super) struct Visits {
    pub waiting: Vec<(TileId, Timestamp)>,
    written_at: Option<Timestamp>,
}

impl Visits {
    pub fn add(&mut self, tile: TileId, now: Timestamp) {
        self.waiting.retain(|(known, _)| *known != tile);
        self.waiting.push((tile, now));
    }

    /// What is to be written now: the first at once, since an app may not run for long.
    pub fn due(&mut self, now: Timestamp) -> Vec<(TileId, Timestamp)> {
        let is_recent = |at: Timestamp| now.millis_since(at).abs() < NOTED_FOR_MS;
        if self.waiting.len() < MOST_WAITING && self.written_at.is_some_and(is_recent) {
            return Vec::new();
        }
        self.written_at = Some(now);
        std::mem::take(&mut self.waiting)
    }
}

/// Writes these.
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
