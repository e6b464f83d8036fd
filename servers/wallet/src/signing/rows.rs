//! What the root key signed, in the database.

use domain::Timestamp;
use server_kit::{Database, DatabaseError};
use sqlx::{query, query_as};

use super::document::Document;

/// What is served under `path`, if it was ever signed.
pub async fn document(database: &Database, path: &str) -> Result<Option<Document>, DatabaseError> {
    let row: Option<(i64, String, i64, String)> =
        query_as("SELECT revision, body, valid_until, signatures FROM root_signed WHERE path = $1")
            .bind(path)
            .fetch_optional(database.reads())
            .await?;
    Ok(row.map(|(revision, body, valid_until, signatures)| Document {
        revision,
        body,
        valid_until: Timestamp(valid_until),
        signatures: signatures.lines().map(str::to_owned).collect(),
    }))
}

/// What tells these documents from others: the sum of their revisions, each of which only grows, and until
/// when the first of them is good.
pub async fn stamp(database: &Database) -> Result<(i64, i64), DatabaseError> {
    query_as(
        "SELECT CAST(COALESCE(SUM(revision), 0) AS BIGINT), COALESCE(MIN(valid_until), 0)
         FROM root_signed",
    )
    .fetch_one(database.reads())
    .await
}

/// Replaces what is served under `path`, unless something newer has come meanwhile.
pub async fn put_document(
    database: &Database,
    path: &str,
    document: &Document,
) -> Result<(), DatabaseError> {
    query(
        "INSERT INTO root_signed (path, revision, body, valid_until, signatures)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (path) DO UPDATE SET revision = excluded.revision, body = excluded.body,
             valid_until = excluded.valid_until, signatures = excluded.signatures
         WHERE root_signed.revision <= excluded.revision",
    )
    .bind(path)
    .bind(document.revision)
    .bind(&document.body)
    .bind(document.valid_until.0)
    .bind(document.signatures.join("\n"))
    .execute(database.reads())
    .await?;
    Ok(())
}
