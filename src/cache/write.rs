//! Writes: whole transactions over the writer's connection.

use domain::{
    Store, Timestamp,
    wire::{Network, TileId},
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{
    keys::{ListedKey, Vouched, address_number, tile_key, use_number},
    opening::{Cache, CacheError},
};

/// A tile's visits are told apart no finer: a phone looks at its place every minute.
const NOTED_FOR_MS: i64 = 3_600_000;

/// What became of what was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// It is in the cache.
    Kept,
    /// It is, and stores were forgotten whose tile a key signed that is revoked now.
    StoresForgotten,
    /// What the cache has is newer, and stays.
    RolledBack,
}

impl Cache {
    /// Replaces what is known of a tile: stores it no longer has are forgotten.
    pub fn put_tile(
        &self,
        tile: TileId,
        etag: Option<&str>,
        vouched: &Vouched,
        stores: &[Store],
        now: Timestamp,
    ) -> Result<Written, CacheError> {
        let tile = tile_key(tile);
        let written = self.writing(|transaction| {
            if held_revision(transaction, tile)?.is_some_and(|held| held > vouched.revision) {
                return Ok(Written::RolledBack);
            }
            forget_stores(transaction, tile)?;
            let Vouched { revision, valid_until, body, key } = vouched;
            transaction.execute(
                "INSERT OR REPLACE INTO tile
                     (id, etag, fetched_at, body, revision, valid_until, signed_by, visited_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?3)",
                params![tile, etag, now.0, body.0, revision, valid_until.0, key],
            )?;
            for store in stores {
                put(transaction, tile, *revision, store)?;
            }
            make_room(transaction, tile, self.most_bytes)?;
            Ok(Written::Kept)
        })?;
        if written == Written::Kept {
            self.has_stores();
        }
        Ok(written)
    }

    /// Notes that the tile the cache has still holds, and until when.
    pub fn confirm_tile(
        &self,
        tile: TileId,
        vouched: &Vouched,
        now: Timestamp,
    ) -> Result<Written, CacheError> {
        let tile = tile_key(tile);
        self.writing(|transaction| {
            if held_revision(transaction, tile)?.is_some_and(|held| held > vouched.revision) {
                return Ok(Written::RolledBack);
            }
            let Vouched { revision, valid_until, body, key } = vouched;
            // Of another body when a newer one came meanwhile: that one was confirmed by coming.
            transaction.execute(
                "UPDATE tile SET fetched_at = ?2, revision = ?3, valid_until = ?4, signed_by = ?5,
                     visited_at = ?2
                 WHERE id = ?1 AND body = ?6",
                params![tile, now.0, revision, valid_until.0, key, body.0],
            )?;
            Ok(Written::Kept)
        })
    }

    /// Notes that the phone was where these tiles are, unless that was noted a while ago.
    ///
    /// # Errors
    /// [`CacheError`].
    pub fn visit_tiles(&self, tiles: &[TileId], now: Timestamp) -> Result<(), CacheError> {
        let is_due = |tile: &&TileId| {
            let visited_at = self.visited_at(**tile);
            visited_at.is_some_and(|at| now.millis_since(at).abs() >= NOTED_FOR_MS)
        };
        let tiles: Vec<_> = tiles.iter().filter(is_due).collect();
        if tiles.is_empty() {
            return Ok(());
        }
        self.writing(|transaction| {
            for tile in tiles {
                let visited = "UPDATE tile SET visited_at = ?2 WHERE id = ?1";
                transaction.execute(visited, params![tile_key(*tile), now.0])?;
            }
            Ok(())
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

fn held_revision(connection: &Connection, tile: i64) -> Result<Option<i64>, rusqlite::Error> {
    let query = "SELECT revision FROM tile WHERE id = ?1";
    connection.query_row(query, params![tile], |row| row.get(0)).optional()
}

/// Forgets the tiles that revoked keys signed, with the revisions they were given: whoever had the
/// key could choose those, too.
fn forget_revoked(transaction: &Transaction<'_>) -> Result<Written, rusqlite::Error> {
    let revoked = "SELECT id FROM tile WHERE signed_by IN
        (SELECT ed25519 FROM register_key WHERE revoked)";
    let tiles: Vec<i64> =
        transaction.prepare(revoked)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for tile in &tiles {
        forget_stores(transaction, *tile)?;
        transaction.execute("DELETE FROM tile WHERE id = ?1", params![tile])?;
    }
    Ok(if tiles.is_empty() { Written::Kept } else { Written::StoresForgotten })
}

/// Forgets the places visited longest ago until what is left takes no more than `most_bytes`; the tile that came
/// just now stays. The file does not shrink, and what is free of it is used again.
fn make_room(
    transaction: &Transaction<'_>,
    came: i64,
    most_bytes: u64,
) -> Result<(), rusqlite::Error> {
    while taken(transaction)? > most_bytes {
        let oldest = "SELECT id FROM tile WHERE id != ?1 ORDER BY visited_at LIMIT 1";
        let oldest = transaction.query_row(oldest, params![came], |row| row.get(0)).optional()?;
        let Some(oldest) = oldest else { return Ok(()) };
        forget_stores(transaction, oldest)?;
        transaction.execute("DELETE FROM tile WHERE id = ?1", params![oldest])?;
    }
    Ok(())
}

/// Bytes of the file that hold anything.
fn taken(connection: &Connection) -> Result<u64, rusqlite::Error> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let pages = pragma("page_count")?.saturating_sub(pragma("freelist_count")?);
    Ok(pages.saturating_mul(pragma("page_size")?).unsigned_abs())
}

fn forget_stores(transaction: &Transaction<'_>, tile: i64) -> Result<(), rusqlite::Error> {
    let of_tile = "(SELECT key FROM store WHERE tile = ?1)";
    for forget in [
        format!("DELETE FROM place WHERE key IN {of_tile}"),
        format!("DELETE FROM access_point WHERE store IN {of_tile}"),
        "DELETE FROM store WHERE tile = ?1".to_owned(),
    ] {
        transaction.execute(&forget, params![tile])?;
    }
    Ok(())
}

/// Puts a store of a tile. One that another tile of a larger revision has stays there: a store that
/// moved is not taken back by an older tile.
fn put(
    connection: &Connection,
    tile: i64,
    revision: i64,
    store: &Store,
) -> Result<(), rusqlite::Error> {
    let record = postcard::to_stdvec(store)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let beacon = store.beacon.map(|(major, minor)| i64::from(major) << 16 | i64::from(minor));
    let mut insert = connection.prepare_cached(
        "INSERT INTO store (id, tile, beacon, record) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET tile = excluded.tile, beacon = excluded.beacon,
             record = excluded.record
         WHERE (SELECT revision FROM tile WHERE tile.id = store.tile) <= ?5
         RETURNING key",
    )?;
    let id = store.id.0.as_bytes();
    let put: Option<i64> = insert
        .query_row(params![id, tile, beacon, record, revision], |row| row.get(0))
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
