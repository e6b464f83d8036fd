//! Registrations that wait for their code, in the database, and the members they become.

use domain::{
    Timestamp,
    wire::{DeviceDescription, Profile},
};
use server_kit::{Change, Connection, Database, DatabaseError, json, keep_latest};
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

use crate::{
    members::{MemberEvent, add_event, one_time_code},
    methods::{GrantKey, StoredMethod, put},
    wallets,
};

/// A registration as it is to be kept.
pub struct Registration {
    pub id: Uuid,
    pub user_id: String,
    pub password_hash: String,
    pub settlement_code_hash: String,
    pub profile: Profile,
    pub joined_on: DeviceDescription,
    pub code_mac: String,
    pub expires_at: Timestamp,
}

/// What came of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// The person is a member.
    Joined,
    /// The contact is proven, and the user id another member's.
    UserIdTaken,
    /// No registration waits for this code.
    Refused,
}

/// Keeps a registration until its code comes.
pub async fn keep(database: &Database, new: &Registration) -> Result<(), DatabaseError> {
    let (profile, joined_on) = (json(&new.profile)?, json(&new.joined_on)?);
    let (profile, joined_on) = (&profile, &joined_on);
    database
        .transaction(|mut change: Change| async move {
            query(
                "INSERT INTO registration (id, user_id, password_hash, settlement_code_hash,
                    profile, joined_on, code_mac, tries_left, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(new.id.to_string())
            .bind(&new.user_id)
            .bind(&new.password_hash)
            .bind(&new.settlement_code_hash)
            .bind(profile)
            .bind(joined_on)
            .bind(&new.code_mac)
            .bind(one_time_code::TRIES)
            .bind(new.expires_at.0)
            .execute(&mut *change)
            .await?;
            keep_latest(&mut *change, "registration", "expires_at", one_time_code::MOST_WAITING)
                .await?;
            change.keep(())
        })
        .await
}

#[derive(FromRow)]
struct Waiting {
    user_id: String,
    password_hash: String,
    settlement_code_hash: String,
    profile: String,
    joined_on: String,
    code_mac: String,
}

/// Makes the person of registration `id` the member `member_id` with `wallet`, if the code's MAC is
/// right.
pub async fn confirm(
    database: &Database,
    id: Uuid,
    code_mac: &str,
    member_id: &str,
    wallet: (&GrantKey, &StoredMethod),
    now: Timestamp,
) -> Result<Confirmed, DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            let Some(waiting) = waiting(&mut change, id, now).await? else {
                return change.keep(Confirmed::Refused);
            };
            if !one_time_code::is_same(&waiting.code_mac, code_mac) {
                query("UPDATE registration SET tries_left = tries_left - 1 WHERE id = $1")
                    .bind(id.to_string())
                    .execute(&mut *change)
                    .await?;
                return change.keep(Confirmed::Refused);
            }
            query("DELETE FROM registration WHERE id = $1")
                .bind(id.to_string())
                .execute(&mut *change)
                .await?;
            if !put_member(&mut change, member_id, &waiting).await? {
                return change.keep(Confirmed::UserIdTaken);
            }
            add_event(&mut change, member_id, MemberEvent::Joined, now).await?;
            let (key, wallet) = wallet;
            put(&mut change, key, member_id, 0, wallet, Some(now)).await?;
            wallets::open(&mut change, now.0).await?;
            change.keep(Confirmed::Joined)
        })
        .await
}

async fn waiting(
    change: &mut Connection,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<Waiting>, DatabaseError> {
    query_as(
        "SELECT user_id, password_hash, settlement_code_hash, profile, joined_on, code_mac
         FROM registration WHERE id = $1 AND expires_at > $2 AND tries_left > 0",
    )
    .bind(id.to_string())
    .bind(now.0)
    .fetch_optional(change)
    .await
}

/// Whether the user id was free.
async fn put_member(
    change: &mut Connection,
    member_id: &str,
    waiting: &Waiting,
) -> Result<bool, DatabaseError> {
    let put = query(
        "INSERT INTO member (id, user_id, password_hash, settlement_code_hash, profile, joined_on)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id) DO NOTHING",
    )
    .bind(member_id)
    .bind(&waiting.user_id)
    .bind(&waiting.password_hash)
    .bind(&waiting.settlement_code_hash)
    .bind(&waiting.profile)
    .bind(&waiting.joined_on)
    .execute(change)
    .await?;
    Ok(put.rows_affected() == 1)
}
