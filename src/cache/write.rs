//! Writes: whole transactions over the writer's connection.

use std::sync::PoisonError;

use domain::{Store, Timestamp, wire::TileId};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::{
    file::{Cache, CacheError},
    keys::{address_number, tile_key},
};

impl Cache {
    /// All or nothing: a phone that dies in the middle keeps what it had.
    fn writing(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> Result<(), rusqlite::Error>,
    ) -> Result<(), CacheError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        write(&transaction)?;
        Ok(transaction.commit()?)
    }

    /// Replaces what is known of a tile: stores it no longer has are forgotten.
    pub fn put_tile(
        &self,
        tile: TileId,
        etag: Option<&str>,
        stores: &[Store],
        now: Timestamp,
    ) -> Result<(), CacheError> {
        let tile = tile_key(tile);
        self.writing(|transaction| {
            transaction.execute(
                "DELETE FROM place WHERE key IN (SELECT key FROM store WHERE tile = ?1)",
                params![tile],
            )?;
            transaction.execute(
                "DELETE FROM access_point WHERE store IN (SELECT key FROM store WHERE tile = ?1)",
                params![tile],
            )?;
            transaction.execute("DELETE FROM store WHERE tile = ?1", params![tile])?;
            for store in stores {
                put(transaction, Some(tile), store)?;
            }
            transaction.execute(
                "INSERT INTO tile (id, etag, fetched_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (id) DO UPDATE SET etag = excluded.etag, fetched_at = excluded.fetched_at",
                params![tile, etag, now.0],
            )?;
            Ok(())
        })
    }

    /// Notes that the tile the cache has still holds.
    pub fn confirm_tile(&self, tile: TileId, now: Timestamp) -> Result<(), CacheError> {
        self.writing(|transaction| {
            transaction.execute(
                "UPDATE tile SET fetched_at = ?2 WHERE id = ?1",
                params![tile_key(tile), now.0],
            )?;
            Ok(())
        })
    }

    /// Adds or replaces single stores, wherever they are.
    pub fn put_stores<'a>(
        &self,
        stores: impl IntoIterator<Item = &'a Store>,
    ) -> Result<(), CacheError> {
        self.writing(|transaction| {
            for store in stores {
                put(transaction, None, store)?;
            }
            Ok(())
        })
    }

    /// Replaces the keys that sign store codes, but for those revoked: a revoked key stays so,
    /// whether a later list has it or not.
    pub fn put_signing_keys(&self, keys: &[([u8; 32], bool)]) -> Result<(), CacheError> {
        self.writing(|transaction| {
            transaction.execute("DELETE FROM signing_key WHERE NOT revoked", [])?;
            for (ed25519, revoked) in keys {
                transaction.execute(
                    "INSERT INTO signing_key (ed25519, revoked) VALUES (?1, ?2)
                     ON CONFLICT (ed25519) DO UPDATE SET revoked = max(revoked, excluded.revoked)",
                    params![ed25519, revoked],
                )?;
            }
            Ok(())
        })
    }
}

fn put(connection: &Connection, tile: Option<i64>, store: &Store) -> Result<(), rusqlite::Error> {
    let record = postcard::to_stdvec(store)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    let beacon = store.beacon.map(|(major, minor)| i64::from(major) << 16 | i64::from(minor));
    let mut insert = connection.prepare_cached(
        "INSERT INTO store (id, tile, beacon, record) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET tile = coalesce(excluded.tile, tile),
             beacon = excluded.beacon, record = excluded.record
         RETURNING key",
    )?;
    let id = store.id.0.as_bytes();
    let key: i64 = insert.query_row(params![id, tile, beacon, record], |row| row.get(0))?;
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
