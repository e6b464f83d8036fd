//! The registration history: what became of a membership, only added to, under a pseudonym.

use domain::{Timestamp, wire::MemberHistoryEntry};
use serde::Serialize;
use server_kit::{Connection, DatabaseError, word};
use sqlx::{query, query_as};

/// What became of a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberEvent {
    /// It began.
    Joined,
    /// Another password was set by who knew the one before.
    PasswordChanged,
    /// Another settlement code was set by who knew the one before.
    SettlementCodeChanged,
    /// Name, address or telephone number are others.
    ProfileChanged,
    /// Codes go to another e-mail address.
    EmailChanged,
    /// It ended.
    Left,
    /// A password was set by a code sent to the contact.
    PasswordReset,
    /// A settlement code was set by a code sent to the contact, and the password.
    SettlementCodeReset,
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

/// What became of a membership, the oldest first.
pub async fn events_of(
    connection: &mut Connection,
    member_id: &str,
) -> Result<Vec<MemberHistoryEntry>, DatabaseError> {
    let rows: Vec<(i64, String)> =
        query_as("SELECT at, what FROM member_event WHERE member_id = $1 ORDER BY at")
            .bind(member_id)
            .fetch_all(connection)
            .await?;
    let entry = |(at, what)| MemberHistoryEntry { at: Timestamp(at), what };
    Ok(rows.into_iter().map(entry).collect())
}
