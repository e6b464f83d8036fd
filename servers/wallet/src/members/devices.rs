//! The devices a member has logged in with, in the database: known, listed, logged out.

use domain::{
    Timestamp,
    wire::{Device, DeviceDescription},
};
use server_kit::{Connection, Database, DatabaseError, from_json, hex, json};
use sha2::{Digest, Sha256};
use sqlx::{FromRow, query, query_as};

use super::rules::MOST_DEVICES;

/// Under what the token of a device is kept.
pub fn digest(token: &str) -> String {
    hex(&Sha256::digest(token))
}

/// The device, if the member with this user id has logged in with it before.
pub async fn known(
    database: &Database,
    device: Option<String>,
    user_id: &str,
) -> Result<Option<String>, DatabaseError> {
    let Some(device) = device else { return Ok(None) };
    let row: Option<(String,)> = query_as(
        "SELECT member.id FROM device JOIN member ON member.id = device.member_id
         WHERE device.token_digest = $1 AND member.user_id = $2",
    )
    .bind(digest(&device))
    .bind(user_id)
    .fetch_optional(database.reads())
    .await?;
    Ok(row.map(|_| device))
}

/// A member's device was used. The one that was used longest ago is logged out when there are too
/// many.
pub async fn put_device(
    change: &mut Connection,
    device_digest: &str,
    member_id: &str,
    description: &DeviceDescription,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let described = *description != DeviceDescription::default();
    let description = described.then(|| json(description)).transpose()?;
    query(
        "INSERT INTO device (token_digest, member_id, used_at, since, description, is_new)
         VALUES ($1, $2, $3, $3, $4,
            CASE WHEN EXISTS (SELECT 1 FROM device WHERE member_id = $2) THEN 1 ELSE 0 END)
         ON CONFLICT (token_digest) DO UPDATE SET used_at = excluded.used_at,
            description = COALESCE(excluded.description, device.description)",
    )
    .bind(device_digest)
    .bind(member_id)
    .bind(now.0)
    .bind(description)
    .execute(&mut *change)
    .await?;
    query(
        "DELETE FROM device WHERE member_id = $1 AND token_digest NOT IN
            (SELECT token_digest FROM device WHERE member_id = $1
             ORDER BY used_at DESC, token_digest LIMIT $2)",
    )
    .bind(member_id)
    .bind(MOST_DEVICES)
    .execute(change)
    .await?;
    Ok(())
}

#[derive(FromRow)]
struct DeviceRow {
    id: String,
    token_digest: String,
    description: Option<String>,
    since: i64,
    used_at: i64,
    sessions: i64,
}

/// A member's devices, the one used last first; `here` is the digest of the one that asks.
pub async fn devices_of(
    database: &Database,
    member_id: &str,
    here: Option<&str>,
    now: Timestamp,
) -> Result<Vec<Device>, DatabaseError> {
    let rows: Vec<DeviceRow> = query_as(
        "SELECT substr(token_digest, 1, 32) AS id, token_digest, description, since, used_at,
            (SELECT COUNT(*) FROM session
             WHERE device_digest = device.token_digest AND expires_at > $2) AS sessions
         FROM device WHERE member_id = $1 ORDER BY used_at DESC, token_digest",
    )
    .bind(member_id)
    .bind(now.0)
    .fetch_all(database.reads())
    .await?;
    rows.into_iter().map(|row| row.device(here)).collect()
}

impl DeviceRow {
    fn device(self, here: Option<&str>) -> Result<Device, DatabaseError> {
        let description = self.description.as_deref().map(|text| from_json(text, "description"));
        Ok(Device {
            is_this: here == Some(&*self.token_digest),
            id: self.id,
            description: description.transpose()?.unwrap_or_default(),
            since: Timestamp(self.since),
            used_at: Timestamp(self.used_at),
            is_logged_in: self.sessions > 0,
        })
    }
}

/// Logs a member's device out: its sessions end, and it is known no more. Whether there was one.
pub async fn log_out_device(
    database: &Database,
    member_id: &str,
    id: &str,
) -> Result<bool, DatabaseError> {
    let gone =
        query("DELETE FROM device WHERE member_id = $1 AND substr(token_digest, 1, 32) = $2")
            .bind(member_id)
            .bind(id)
            .execute(database.reads())
            .await?;
    Ok(gone.rows_affected() > 0)
}

/// Logs all devices of a member out, but for the one with this digest, and ends sessions that have no
/// device.
pub async fn log_out_others(
    change: &mut Connection,
    member_id: &str,
    but_for: Option<&str>,
) -> Result<(), DatabaseError> {
    let kept = but_for.unwrap_or("");
    for forget in [
        "DELETE FROM session WHERE member_id = $1 AND COALESCE(device_digest, '') <> $2",
        "DELETE FROM device WHERE member_id = $1 AND token_digest <> $2",
    ] {
        query(forget).bind(member_id).bind(kept).execute(&mut *change).await?;
    }
    Ok(())
}
