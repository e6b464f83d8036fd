//! The registration history: what became of a membership, only added to, under a pseudonym.

use domain::Timestamp;
use serde::Serialize;
use server_kit::{Connection, DatabaseError, word};
use sqlx::query;

/// What became of a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberEvent {
    /// It began.
    Joined,
}

/// Adds what became of a membership.
pub async fn add_event(
    change: &mut Connection,
    member_id: &str,
    what: MemberEvent,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    query("INSERT INTO member_event (member_id, at, what) VALUES ($1, $2, $3)")
        .bind(member_id)
        .bind(now.0)
        .bind(word(what)?)
        .execute(change)
        .await?;
    Ok(())
}
