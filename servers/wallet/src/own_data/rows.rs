//! A member's profile in the database.

use domain::{
    Timestamp,
    wire::{DeviceDescription, Profile},
};
use server_kit::{Change, Connection, Database, DatabaseError, from_json, json};
use sqlx::{FromRow, query, query_as};

use crate::members::{MemberEvent, add_event};

/// Who a member is, and what confirms it.
pub struct Known {
    pub user_id: String,
    pub password_hash: String,
    pub profile: Option<Profile>,
    pub joined_on: Option<DeviceDescription>,
}

#[derive(FromRow)]
struct Row {
    user_id: String,
    password_hash: String,
    profile: Option<String>,
    joined_on: Option<String>,
}

/// Who a member is; `None` when the member has left.
pub async fn known(
    connection: &mut Connection,
    member_id: &str,
) -> Result<Option<Known>, DatabaseError> {
    let row: Option<Row> =
        query_as("SELECT user_id, password_hash, profile, joined_on FROM member WHERE id = $1")
            .bind(member_id)
            .fetch_optional(connection)
            .await?;
    let read = |row: Row| {
        let profile = row.profile.as_deref().map(|text| from_json(text, "profile"));
        let joined_on = row.joined_on.as_deref().map(|text| from_json(text, "joined_on"));
        Ok(Known {
            user_id: row.user_id,
            password_hash: row.password_hash,
            profile: profile.transpose()?,
            joined_on: joined_on.transpose()?,
        })
    };
    row.map(read).transpose()
}

/// Puts a member's profile in the place of the one before.
pub async fn put_profile(
    database: &Database,
    member_id: &str,
    profile: &Profile,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let profile = &json(profile)?;
    database
        .transaction(|mut change: Change| async move {
            query("UPDATE member SET profile = $1 WHERE id = $2")
                .bind(profile)
                .bind(member_id)
                .execute(&mut *change)
                .await?;
            add_event(&mut change, member_id, MemberEvent::ProfileChanged, now).await?;
            change.keep(())
        })
        .await
}
