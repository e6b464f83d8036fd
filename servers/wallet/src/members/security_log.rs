//! Who did what to a membership, and from where: the one place that keeps addresses, for days.

use std::net::IpAddr;

use domain::Timestamp;
use serde::Serialize;
use server_kit::{DAY_MS, Database, DatabaseError, word};
use sqlx::query;

/// Most rows kept, the newest: a flood must not fill the disk.
const MOST_ROWS: i64 = 100_000;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SecurityEvent {
    /// A person became a member.
    Joined,
}

/// Notes what happened, and to whom where that is known.
pub async fn note(
    database: &Database,
    member_id: Option<&str>,
    what: SecurityEvent,
    source: IpAddr,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    query("INSERT INTO security_log (at, member_id, what, source) VALUES ($1, $2, $3, $4)")
        .bind(now.0)
        .bind(member_id)
        .bind(word(what)?)
        .bind(source.to_string())
        .execute(database.reads())
        .await?;
    Ok(())
}

/// Forgets what is older than `days`.
pub async fn forget(database: &Database, days: u16, now: Timestamp) -> Result<(), DatabaseError> {
    query("DELETE FROM security_log WHERE at <= $1")
        .bind(now.0.saturating_sub(i64::from(days).saturating_mul(DAY_MS)))
        .execute(database.reads())
        .await?;
    query(
        "DELETE FROM security_log WHERE at <
            (SELECT at FROM security_log ORDER BY at DESC LIMIT 1 OFFSET $1)",
    )
    .bind(MOST_ROWS)
    .execute(database.reads())
    .await?;
    Ok(())
}
