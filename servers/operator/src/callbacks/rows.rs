//! Callbacks in the database, until they are taken.

use std::time::Duration;

use domain::{Timestamp, wire::Confirmation};
use server_kit::{Database, DatabaseError, Statement, json, random_bytes};
use sqlx::{FromRow, query, query_as};

/// Sent at once at most.
const AT_ONCE: i64 = 16;

/// One callback to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// What it tells.
    pub confirmation: Confirmation,
    /// How long it waits before it is first sent.
    pub after: Duration,
    /// Whether its signature is wrong on purpose.
    pub spoiled: bool,
}

impl Callback {
    /// A plain one, sent at once.
    pub const fn of(confirmation: Confirmation) -> Self {
        Self { confirmation, after: Duration::ZERO, spoiled: false }
    }
}

/// A callback that is to be sent now.
#[derive(FromRow)]
pub struct Due {
    /// Its id: the same each time it is sent.
    pub id: String,
    /// The confirmation as JSON.
    pub body: String,
    /// Whether its signature is wrong on purpose.
    pub spoiled: i64,
    /// How often it was sent.
    pub tries: i64,
}

/// Keeps a callback to be sent.
pub fn put(callback: &Callback, now: Timestamp) -> Result<Statement, DatabaseError> {
    let bytes = random_bytes().map_err(|error| DatabaseError::Encode(error.into()))?;
    let after = i64::try_from(callback.after.as_millis()).unwrap_or(i64::MAX);
    let put = "INSERT INTO callback (id, body, spoiled, due_at) VALUES ($1, $2, $3, $4)";
    Ok(Statement::new(put)
        .bind(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
        .bind(json(&callback.confirmation)?)
        .bind(i64::from(callback.spoiled))
        .bind(now.0.saturating_add(after)))
}

/// Those to be sent now, the oldest first.
pub async fn due(database: &Database, now: Timestamp) -> Result<Vec<Due>, DatabaseError> {
    query_as(
        "SELECT id, body, spoiled, tries FROM callback
         WHERE delivered_at IS NULL AND due_at <= $1 ORDER BY due_at LIMIT $2",
    )
    .bind(now.0)
    .bind(AT_ONCE)
    .fetch_all(database.reads())
    .await
}

/// The callback was taken at `now`.
pub async fn delivered(database: &Database, id: &str, now: Timestamp) -> Result<(), DatabaseError> {
    query("UPDATE callback SET delivered_at = $1 WHERE id = $2")
        .bind(now.0)
        .bind(id)
        .execute(database.reads())
        .await?;
    Ok(())
}

/// The callback was not taken and is sent again at `due_at`.
pub async fn postpone(database: &Database, id: &str, due_at: i64) -> Result<(), DatabaseError> {
    query("UPDATE callback SET due_at = $1, tries = tries + 1 WHERE id = $2")
        .bind(due_at)
        .bind(id)
        .execute(database.reads())
        .await?;
    Ok(())
}
