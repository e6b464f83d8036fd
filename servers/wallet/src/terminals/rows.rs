//! Store terminals in the database: their keys, as digests.

use domain::StoreId;
use server_kit::{Database, DatabaseError, damaged, hex};
use sha2::{Digest, Sha256};
use sqlx::{query, query_as};
use uuid::Uuid;

/// Whether `key` is that of the terminal of `store`. Found by its digest: the time this takes tells
/// nothing of the key.
pub async fn is_key_of(
    database: &Database,
    store: StoreId,
    key: &str,
) -> Result<bool, DatabaseError> {
    let known: Option<(String,)> =
        query_as("SELECT store_id FROM terminal WHERE store_id = $1 AND key_digest = $2")
            .bind(store.to_string())
            .bind(digest(key))
            .fetch_optional(database.reads())
            .await?;
    Ok(known.is_some())
}

/// Makes `key` that of the terminal of `store`; the one it had before is void.
pub async fn put_key(database: &Database, store: StoreId, key: &str) -> Result<(), DatabaseError> {
    query(
        "INSERT INTO terminal (store_id, key_digest) VALUES ($1, $2)
         ON CONFLICT (store_id) DO UPDATE SET key_digest = excluded.key_digest",
    )
    .bind(store.to_string())
    .bind(digest(key))
    .execute(database.reads())
    .await?;
    Ok(())
}

/// How many terminals there are.
pub async fn count(database: &Database) -> Result<i64, DatabaseError> {
    let (count,): (i64,) =
        query_as("SELECT COUNT(*) FROM terminal").fetch_one(database.reads()).await?;
    Ok(count)
}

/// The stores that have a terminal, and so perhaps a rotating beacon, by id, with its (major, minor).
pub async fn with_beacons(
    database: &Database,
) -> Result<Vec<(StoreId, (u16, u16))>, DatabaseError> {
    let rows: Vec<(String, i64)> = query_as(
        "SELECT store.id, store.beacon FROM terminal JOIN store ON store.id = terminal.store_id
         WHERE store.beacon IS NOT NULL ORDER BY store.id",
    )
    .fetch_all(database.reads())
    .await?;
    let of = |(id, number): (String, i64)| {
        let store = Uuid::parse_str(&id).map(StoreId).map_err(|_| damaged("id"))?;
        let part = |number: i64| u16::try_from(number).map_err(|_| damaged("beacon"));
        Ok((store, (part(number >> 16)?, part(number & 0xffff)?)))
    };
    rows.into_iter().map(of).collect()
}

fn digest(key: &str) -> String {
    hex(&Sha256::digest(key))
}
