//! Devices that do not pay yet, in the database: new ones of a member who had another, and all after the
//! settlement code was set anew.

use domain::Timestamp;
use server_kit::{Database, DatabaseError, word};
use sqlx::{query, query_as};

use crate::members::MemberEvent;

/// Since when the member's device waits, where one of the two has been less than `waits_ms` ago.
pub async fn waits_since(
    database: &Database,
    (member_id, device): (&str, Option<&str>),
    waits_ms: i64,
    now: Timestamp,
) -> Result<Option<Timestamp>, DatabaseError> {
    let (since,): (Option<i64>,) = query_as(
        "SELECT MAX(at) FROM (
            SELECT at FROM member_event WHERE member_id = $1 AND what = $2
            UNION ALL
            SELECT since AS at FROM device
                WHERE member_id = $1 AND token_digest = $3 AND is_new = 1) AS turns
         WHERE at > $4",
    )
    .bind(member_id)
    .bind(word(MemberEvent::SettlementCodeReset)?)
    .bind(device.unwrap_or_default())
    .bind(now.0.saturating_sub(waits_ms))
    .fetch_one(database.reads())
    .await?;
    Ok(since.map(Timestamp))
}

/// The device `id` of the member pays from now on; whether there is one that waits.
pub async fn agree(database: &Database, member_id: &str, id: &str) -> Result<bool, DatabaseError> {
    let agreed = query(
        "UPDATE device SET is_new = 0
         WHERE member_id = $1 AND substr(token_digest, 1, 32) = $2 AND is_new = 1",
    )
    .bind(member_id)
    .bind(id)
    .execute(database.reads())
    .await?;
    Ok(agreed.rows_affected() > 0)
}
