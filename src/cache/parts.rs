//! What the cache has of a tile: parts that do not overlap, each of one answer.

use domain::{Timestamp, wire::TileId};
use rusqlite::{Connection, params};

/// What the cache has of a tile whose cells it has all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HeldTile {
    /// When the server last said that it is so, by the phone's clock; of its parts the earliest.
    pub fetched_at: Timestamp,
    /// The revision since which what changed is to be asked for; of its parts the smallest. `None` where
    /// several keys vouched for them, of which one may be revoked once.
    pub since: Option<i64>,
}

/// A run of cells that came in one answer, as far as nothing newer came of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub first: i64,
    pub past: i64,
    pub fetched_at: i64,
    pub visited_at: i64,
    pub revision: i64,
    pub valid_until: i64,
    pub signed_by: Vec<u8>,
}

/// Parts in the order of the curve.
pub(super) struct TileParts(pub Vec<Part>);

/// The parts that have cells of `tile`, whole.
pub(super) fn parts(connection: &Connection, tile: TileId) -> Result<TileParts, rusqlite::Error> {
    let cells = tile.cells();
    let mut statement = connection.prepare_cached(
        "SELECT first, past, fetched_at, visited_at, revision, valid_until, signed_by FROM tile
         WHERE first < ?2 AND past > ?1
             AND first >= ifnull((SELECT max(first) FROM tile WHERE first <= ?1), 0)
         ORDER BY first",
    )?;
    let part = |row: &rusqlite::Row<'_>| {
        Ok(Part {
            first: row.get(0)?,
            past: row.get(1)?,
            fetched_at: row.get(2)?,
            visited_at: row.get(3)?,
            revision: row.get(4)?,
            valid_until: row.get(5)?,
            signed_by: row.get(6)?,
        })
    };
    let rows = statement.query_map(params![cells.start, cells.end], part)?;
    Ok(TileParts(rows.collect::<Result<_, _>>()?))
}

impl TileParts {
    /// What they say of the tile together; `None` where one of its cells is missing.
    pub fn whole(&self, tile: TileId) -> Option<HeldTile> {
        let cells = tile.cells();
        let mut next = i64::from(cells.start);
        for part in &self.0 {
            if part.first > next {
                return None;
            }
            next = part.past;
        }
        let (first, others) = self.0.split_first()?;
        if next < i64::from(cells.end) {
            return None;
        }
        let of_one_key = others.iter().all(|part| part.signed_by == first.signed_by);
        let smallest = self.0.iter().map(|part| part.revision).min();
        let earliest = self.0.iter().map(|part| part.fetched_at).min();
        Some(HeldTile { fetched_at: Timestamp(earliest?), since: smallest.filter(|_| of_one_key) })
    }

    /// The runs of the tile's cells of which the phone has nothing newer than `revision`.
    pub fn not_newer(&self, tile: TileId, revision: i64) -> Vec<(i64, i64)> {
        let cells = tile.cells();
        let (mut next, end) = (i64::from(cells.start), i64::from(cells.end));
        let mut runs = Vec::new();
        for part in self.0.iter().filter(|part| part.revision > revision) {
            if part.first > next {
                runs.push((next, part.first));
            }
            next = next.max(part.past);
        }
        if next < end {
            runs.push((next, end));
        }
        runs
    }

    /// Whether all cells of these runs are in parts that are `so`.
    pub fn has_all(&self, runs: &[(i64, i64)], so: impl Fn(&Part) -> bool) -> bool {
        runs.iter().all(|&(first, past)| {
            let so = self.0.iter().filter(|part| so(part));
            let has = |part: &Part| (part.past.min(past) - part.first.max(first)).max(0);
            so.map(has).sum::<i64>() == past - first
        })
    }

    /// Takes a run of cells out of them: what is left is written anew.
    pub fn cut_out(
        &self,
        connection: &Connection,
        (first, past): (i64, i64),
    ) -> Result<(), rusqlite::Error> {
        connection
            .execute("DELETE FROM tile WHERE first >= ?1 AND first < ?2", params![first, past])?;
        for part in self.0.iter().filter(|part| part.first < past && part.past > first) {
            if part.first < first {
                part.with(part.first, first).put(connection)?;
            }
            if part.past > past {
                part.with(past, part.past).put(connection)?;
            }
        }
        Ok(())
    }
}

impl Part {
    fn with(&self, first: i64, past: i64) -> Self {
        Self { first, past, ..self.clone() }
    }

    /// Writes it, in place of one that begins there, too.
    pub fn put(&self, connection: &Connection) -> Result<(), rusqlite::Error> {
        let Self { first, past, fetched_at, visited_at, revision, valid_until, signed_by } = self;
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO tile
                     (first, past, fetched_at, visited_at, revision, valid_until, signed_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                first,
                past,
                fetched_at,
                visited_at,
                revision,
                valid_until,
                signed_by
            ])?;
        Ok(())
    }
}
