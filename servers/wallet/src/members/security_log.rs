//! Who did what to a membership, and from where: the one place that keeps addresses, for days.

use std::net::IpAddr;

use domain::{Timestamp, wire::SecurityLogEntry};
use serde::Serialize;
use server_kit::{Connection, DAY_MS, Database, DatabaseError, keep_latest, word};
use sqlx::{query, query_as};

/// Most rows kept, the newest: a flood must not fill the disk.
const MOST_ROWS: i64 = 100_000;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SecurityEvent {
    /// A person became a member.
    Joined,
    /// A log-in with the right password.
    LoggedIn,
    /// A log-in with a wrong one, or of nobody.
    LogInRefused,
    /// A refresh token was used a second time: somebody had a copy.
    RefreshReused,
    /// A device was logged out from the list.
    DeviceLoggedOut,
    /// The password was changed.
    PasswordChanged,
    /// The settlement code was changed.
    SettlementCodeChanged,
    /// Name, address or telephone number were changed.
    ProfileChanged,
    /// Codes go to another e-mail address.
    EmailChanged,
    /// The password was set anew by a code.
    PasswordReset,
    /// The settlement code was set anew by a code.
    SettlementCodeReset,
    /// A device agrees to payments by a key of its own.
    ApprovalKeySet,
    /// Up to how much an unlocked phone agrees was set.
    UnlockLimitSet,
    /// A device agreed that a new one pays.
    DeviceAgreed,
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
    keep_latest(database.reads(), "security_log", "at", MOST_ROWS).await
}

/// What was done to a membership in the last days, the oldest first.
pub async fn security_log_of(
    connection: &mut Connection,
    member_id: &str,
) -> Result<Vec<SecurityLogEntry>, DatabaseError> {
    let rows: Vec<(i64, String, String)> =
        query_as("SELECT at, what, source FROM security_log WHERE member_id = $1 ORDER BY at")
            .bind(member_id)
            .fetch_all(connection)
            .await?;
    let entry = |(at, what, source)| SecurityLogEntry { at: Timestamp(at), what, source };
    Ok(rows.into_iter().map(entry).collect())
}
