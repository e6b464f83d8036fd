//! The key list in the database.

use domain::Timestamp;
use server_kit::{Database, DatabaseError};
use sqlx::{query, query_as};

use super::key_list::KeyList;

/// The list, if one was ever signed.
pub async fn key_list(database: &Database) -> Result<Option<KeyList>, DatabaseError> {
    let row: Option<(i64, String, i64, String)> =
        query_as("SELECT revision, body, valid_until, signatures FROM key_list")
            .fetch_optional(database.reads())
            .await?;
    Ok(row.map(|(revision, body, valid_until, signatures)| KeyList {
        revision,
        body,
        valid_until: Timestamp(valid_until),
        signatures: signatures.lines().map(str::to_owned).collect(),
    }))
}

/// What tells one list from another: its revision, and until when it is good.
pub async fn stamp(database: &Database) -> Result<Option<(i64, i64)>, DatabaseError> {
    query_as("SELECT revision, valid_until FROM key_list").fetch_optional(database.reads()).await
}

/// Replaces the list, unless a newer one has come meanwhile.
pub async fn put_key_list(database: &Database, list: &KeyList) -> Result<(), DatabaseError> {
    query(
        "INSERT INTO key_list (only_row, revision, body, valid_until, signatures)
         VALUES (1, $1, $2, $3, $4)
         ON CONFLICT (only_row) DO UPDATE SET revision = excluded.revision, body = excluded.body,
             valid_until = excluded.valid_until, signatures = excluded.signatures
         WHERE key_list.revision <= excluded.revision",
    )
    .bind(list.revision)
    .bind(&list.body)
    .bind(list.valid_until.0)
    .bind(list.signatures.join("\n"))
    .execute(database.reads())
    .await?;
    Ok(())
}
