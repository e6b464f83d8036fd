//! Writes: whole transactions over the writer's connection.

use domain::{
    Store, Timestamp,
    wire::{Cell, Network, Tile, TileId},
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{
    keys::{ListedKey, Vouched, address_number, use_number},
    opening::{Cache, CacheError},
    parts::{Part, parts},
    room::{forget, forget_cells, forget_part, make_room},
    visits,
};

/// What became of what was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// It is in the cache.
    Kept,
    /// It is, and stores were forgotten whose tile a key signed that is revoked now.
    StoresForgotten,
    /// What the cache has is newer, and stays.
    RolledBack,
    /// It says what has changed since something that the cache has not, or has of another key.
    Lapsed,
    /// It would take more bytes than stores may, even if all went that came before it.
    NoRoom,
}

impl Cache {
    /// Brings what is known of a tile to what was said of it: stores it no longer has are forgotten. Those
    /// of its cells of which something newer came stay as they are. What was visited before is
    /// forgotten where it takes too much room; with `spared_from` nothing that was visited since, and the tile
    /// is not kept where that does not do.
    pub fn put_tile(
        &self,
        tile: TileId,
        said: &Tile,
        vouched: &Vouched,
        spared_from: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Written, CacheError> {
        let Vouched { revision, valid_until, key } = vouched;
        let visited = self.waiting_visits();
        let written = self.writing(|transaction| {
            visits::write(transaction, &visited)?;
            let before = parts(transaction, tile)?;
            let runs = before.not_newer(tile, *revision);
            if runs.is_empty() {
                return Ok(Written::RolledBack);
            }
            let is_of_this_key = |part: &Part| {
                part.signed_by == key && said.since.is_some_and(|since| part.revision >= since)
            };
            let lapsed = !before.has_all(&runs, is_of_this_key);
            if said.since.is_some() && lapsed {
                return Ok(Written::Lapsed);
            }
            transaction.execute_batch("SAVEPOINT before_tile")?;
            for &(first, past) in &runs {
                if said.since.is_none() {
                    forget_cells(transaction, (first, past))?;
                }
                before.cut_out(transaction, (first, past))?;
                let part = Part {
                    first,
                    past,
                    fetched_at: now.0,
                    visited_at: now.0,
                    revision: *revision,
                    valid_until: valid_until.0,
                    signed_by: key.to_vec(),
                };
                part.put(transaction)?;
            }
            let is_new =
                |cell: i64| runs.iter().any(|(first, past)| (*first..*past).contains(&cell));
            for gone in &said.gone {
                let query = "SELECT key, cell FROM store WHERE id = ?1";
                let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
                let found: Option<(i64, i64)> =
                    transaction.query_row(query, [gone.0.as_bytes()], read).optional()?;
                if let Some((key, _)) = found.filter(|(_, cell)| is_new(*cell)) {
                    forget(transaction, "key = ?1", [key])?;
                }
            }
            for store in &said.stores {
                let cell = i64::from(Cell::of(store.position).number());
                if is_new(cell) {
                    put(transaction, cell, *revision, store)?;
                }
            }
            let has_room = make_room(transaction, tile, self.most_bytes, spared_from)?
                || spared_from.is_none();
            if !has_room {
                transaction.execute_batch("ROLLBACK TO before_tile")?;
            }
            transaction.execute_batch("RELEASE before_tile")?;
            Ok(if has_room { Written::Kept } else { Written::NoRoom })
        })?;
        if written == Written::Kept {
            self.has_stores();
        }
        Ok(written)
    }

    /// Keeps the list of tiles.
    pub fn put_tile_list(
        &self,
        etag: Option<&str>,
        body: &[u8],
        vouched: &Vouched,
        now: Timestamp,
    ) -> Result<Written, CacheError> {
        let Vouched { revision, key, .. } = vouched;
        self.writing(|transaction| {
            let put = transaction.execute(
                "INSERT INTO tile_list (only_row, etag, fetched_at, body, revision, signed_by)
                 VALUES (1, ?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (only_row) DO UPDATE SET etag = excluded.etag,
                     fetched_at = excluded.fetched_at, body = excluded.body,
                     revision = excluded.revision, signed_by = excluded.signed_by
                 WHERE tile_list.revision <= excluded.revision",
                params![etag, now.0, body, revision, key],
            )?;
            Ok(if put == 0 { Written::RolledBack } else { Written::Kept })
        })
    }

    /// Notes that the list of tiles that the cache has still holds.
    pub fn confirm_tile_list(
        &self,
        vouched: &Vouched,
        now: Timestamp,
    ) -> Result<Written, CacheError> {
        let Vouched { revision, key, .. } = vouched;
        self.writing(|transaction| {
            let confirmed = transaction.execute(
                "UPDATE tile_list SET fetched_at = ?1, revision = ?2, signed_by = ?3
                 WHERE revision <= ?2",
                params![now.0, revision, key],
            )?;
            Ok(if confirmed == 0 { Written::RolledBack } else { Written::Kept })
        })
    }

    /// Replaces the register's keys, but for those revoked: a revoked key stays so, whether a later
    /// list has it or not. What a revoked key vouched for is forgotten.
    pub fn put_keys(&self, keys: &[ListedKey], revision: i64) -> Result<Written, CacheError> {
        self.writing(|transaction| {
            let newer = transaction.execute(
                "UPDATE register SET revision = ?1 WHERE revision <= ?1",
                params![revision],
            )?;
            if newer == 0 {
                return Ok(Written::RolledBack);
            }
            transaction.execute("DELETE FROM register_key WHERE NOT revoked", [])?;
            for ListedKey { ed25519, signs, revoked } in keys {
                transaction.execute(
                    "INSERT INTO register_key (ed25519, signs, revoked) VALUES (?1, ?2, ?3)
                     ON CONFLICT (ed25519, signs)
                     DO UPDATE SET revoked = max(revoked, excluded.revoked)",
                    params![ed25519, use_number(*signs), revoked],
                )?;
            }
            forget_revoked(transaction)
        })
    }
}

impl Cache {
    /// Keeps the description of the network.
    pub fn put_network(&self, network: &Network, revision: i64) -> Result<Written, CacheError> {
        let record = postcard::to_stdvec(network).map_err(|_| CacheError)?;
        self.writing(|transaction| {
            let put = transaction.execute(
                "INSERT INTO network (only_row, revision, record) VALUES (1, ?1, ?2)
                 ON CONFLICT (only_row) DO UPDATE SET revision = excluded.revision,
                     record = excluded.record
                 WHERE network.revision <= excluded.revision",
                params![revision, record],
            )?;
            Ok(if put == 0 { Written::RolledBack } else { Written::Kept })
        })
    }
}

/// Forgets what revoked keys signed, with the revisions it was given: whoever had the key could choose
/// those, too.
fn forget_revoked(transaction: &Transaction<'_>) -> Result<Written, rusqlite::Error> {
    let revoked = "signed_by IN (SELECT ed25519 FROM register_key WHERE revoked)";
    let tiles: Vec<(i64, i64)> = transaction
        .prepare(&format!("SELECT first, past FROM tile WHERE {revoked}"))?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for part in &tiles {
        forget_part(transaction, *part)?;
    }
    let lists = transaction.execute(&format!("DELETE FROM tile_list WHERE {revoked}"), [])?;
    let forgotten = lists > 0 || !tiles.is_empty();
    Ok(if forgotten { Written::StoresForgotten } else { Written::Kept })
}

/// Puts a store. One that another cell has as of a larger revision stays there: a store that moved is not
/// taken back by an older answer.
fn put(
    connection: &Connection,
    cell: i64,
    revision: i64,
    store: &Store,
) -> Result<(), rusqlite::Error> {
    let record = postcard::to_stdvec(store)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let beacon = store.beacon.map(|(major, minor)| i64::from(major) << 16 | i64::from(minor));
    let mut insert = connection.prepare_cached(
        "INSERT INTO store (id, cell, beacon, record) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET cell = excluded.cell, beacon = excluded.beacon,
             record = excluded.record
         WHERE (SELECT revision FROM tile WHERE first <= store.cell ORDER BY first DESC LIMIT 1) <= ?5
         RETURNING key",
    )?;
    let id = store.id.0.as_bytes();
    let put: Option<i64> = insert
        .query_row(params![id, cell, beacon, record, revision], |row| row.get(0))
        .optional()?;
    let Some(key) = put else { return Ok(()) };
    let (lat, lon) = (store.position.lat_e7(), store.position.lon_e7());
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO place (key, south, north, west, east)
             VALUES (?1, ?2, ?2, ?3, ?3)",
        )?
        .execute(params![key, lat, lon])?;
    connection
        .prepare_cached("DELETE FROM access_point WHERE store = ?1")?
        .execute(params![key])?;
    for address in &store.access_points {
        // An address that two stores claim stays with the first: it says nothing of which.
        connection
            .prepare_cached("INSERT OR IGNORE INTO access_point (address, store) VALUES (?1, ?2)")?
            .execute(params![address_number(*address), key])?;
    }
    Ok(())
}
