//! Addresses that wait for their code, in the database.

use domain::{Timestamp, wire::Profile};
use server_kit::{Change, Connection, Database, DatabaseError, from_json, json, keep_latest};
use sqlx::{query, query_as};
use uuid::Uuid;

use crate::members::{MemberEvent, add_event, one_time_code};

/// An address as it is to be kept until its code comes.
pub struct NewAddress<'a> {
    pub id: Uuid,
    pub member_id: &'a str,
    pub email: &'a str,
    pub code_mac: String,
    pub expires_at: Timestamp,
}

/// Keeps an address until its code comes.
pub async fn keep(database: &Database, new: &NewAddress<'_>) -> Result<(), DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            query(
                "INSERT INTO email_change (id, member_id, email, code_mac, tries_left, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(new.id.to_string())
            .bind(new.member_id)
            .bind(new.email)
            .bind(&new.code_mac)
            .bind(one_time_code::TRIES)
            .bind(new.expires_at.0)
            .execute(&mut *change)
            .await?;
            let most = one_time_code::MOST_WAITING;
            keep_latest(&mut *change, "email_change", "expires_at", most).await?;
            change.keep(())
        })
        .await
}

/// Takes the address whose code it is, once; the one before. `None` for a wrong code, which counts as
/// a try.
pub async fn confirm(
    database: &Database,
    member_id: &str,
    id: Uuid,
    code_mac: &str,
    now: Timestamp,
) -> Result<Option<String>, DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            let waiting: Option<(String, String)> = query_as(
                "SELECT email, code_mac FROM email_change
                 WHERE id = $1 AND member_id = $2 AND expires_at > $3 AND tries_left > 0",
            )
            .bind(id.to_string())
            .bind(member_id)
            .bind(now.0)
            .fetch_optional(&mut *change)
            .await?;
            let Some((email, mac)) = waiting else { return change.keep(None) };
            if !one_time_code::is_same(&mac, code_mac) {
                query("UPDATE email_change SET tries_left = tries_left - 1 WHERE id = $1")
                    .bind(id.to_string())
                    .execute(&mut *change)
                    .await?;
                return change.keep(None);
            }
            query("DELETE FROM email_change WHERE member_id = $1")
                .bind(member_id)
                .execute(&mut *change)
                .await?;
            let before = put_email(&mut change, member_id, email).await?;
            add_event(&mut change, member_id, MemberEvent::EmailChanged, now).await?;
            change.keep(before)
        })
        .await
}

/// The address before.
async fn put_email(
    change: &mut Connection,
    member_id: &str,
    email: String,
) -> Result<Option<String>, DatabaseError> {
    let kept: Option<(Option<String>,)> = query_as("SELECT profile FROM member WHERE id = $1")
        .bind(member_id)
        .fetch_optional(&mut *change)
        .await?;
    let Some(text) = kept.and_then(|(profile,)| profile) else { return Ok(None) };
    let mut profile: Profile = from_json(&text, "profile")?;
    let before = std::mem::replace(&mut profile.email, email);
    query("UPDATE member SET profile = $1 WHERE id = $2")
        .bind(json(&profile)?)
        .bind(member_id)
        .execute(change)
        .await?;
    Ok(Some(before))
}
