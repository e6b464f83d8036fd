//! Keys of store terminals in the database, as their digests.

use domain::StoreId;
use server_kit::{Database, DatabaseError, hex};
use sha2::{Digest, Sha256};
use sqlx::{query, query_as};

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

fn digest(key: &str) -> String {
    hex(&Sha256::digest(key))
}
