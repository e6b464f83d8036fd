//! Codes that were sent to set a secret anew, in the database.

use domain::{Timestamp, wire::SecretOf};
use server_kit::{Change, Connection, Database, DatabaseError, from_word, keep_latest, word};
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

use super::rows::put_hash;
use crate::members::{MemberEvent, add_event, log_out_others, one_time_code};

/// Where a member's codes go; `None` for a user id that is nobody's, or a member without a contact.
pub async fn contact_of(
    database: &Database,
    user_id: &str,
) -> Result<Option<(String, String)>, DatabaseError> {
    query_as("SELECT id, profile FROM member WHERE user_id = $1 AND profile IS NOT NULL")
        .bind(user_id)
        .fetch_optional(database.reads())
        .await
}

/// A reset as it is to be kept.
pub struct Reset {
    pub id: Uuid,
    pub member_id: Option<String>,
    pub of_what: SecretOf,
    pub code_mac: String,
    pub expires_at: Timestamp,
}

/// Keeps a reset until its code comes.
pub async fn keep(database: &Database, new: &Reset) -> Result<(), DatabaseError> {
    let of_what = &word(new.of_what)?;
    database
        .transaction(|mut change: Change| async move {
            query(
                "INSERT INTO reset (id, member_id, of_what, code_mac, tries_left, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(new.id.to_string())
            .bind(&new.member_id)
            .bind(of_what)
            .bind(&new.code_mac)
            .bind(one_time_code::TRIES)
            .bind(new.expires_at.0)
            .execute(&mut *change)
            .await?;
            keep_latest(&mut *change, "reset", "expires_at", one_time_code::MOST_WAITING).await?;
            change.keep(())
        })
        .await
}

#[derive(FromRow)]
struct Waiting {
    member_id: Option<String>,
    of_what: String,
    code_mac: String,
}

/// Whose secret a code sets anew, and which; `None` for a wrong code, which counts as a try.
pub async fn open(
    database: &Database,
    id: Uuid,
    code_mac: &str,
    now: Timestamp,
) -> Result<Option<(String, SecretOf)>, DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            let waiting: Option<Waiting> = query_as(
                "SELECT member_id, of_what, code_mac FROM reset
                 WHERE id = $1 AND expires_at > $2 AND tries_left > 0",
            )
            .bind(id.to_string())
            .bind(now.0)
            .fetch_optional(&mut *change)
            .await?;
            let Some(waiting) = waiting else { return change.keep(None) };
            let of_what = from_word(&waiting.of_what, "of_what")?;
            let is_right = one_time_code::is_same(&waiting.code_mac, code_mac);
            let opened = waiting.member_id.filter(|_| is_right).map(|id| (id, of_what));
            if opened.is_none() {
                count_try(&mut change, id).await?;
            }
            change.keep(opened)
        })
        .await
}

async fn count_try(change: &mut Connection, id: Uuid) -> Result<(), DatabaseError> {
    query("UPDATE reset SET tries_left = tries_left - 1 WHERE id = $1 AND tries_left > 0")
        .bind(id.to_string())
        .execute(change)
        .await?;
    Ok(())
}

/// Sets a member's secret anew, once for each code: all devices are logged out, and other codes for
/// the same secret are void. `false` when the code was used meanwhile.
pub async fn close(
    database: &Database,
    id: Uuid,
    member_id: &str,
    of_what: SecretOf,
    hash: &str,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let word = &word(of_what)?;
    database
        .transaction(|mut change: Change| async move {
            let used = query("DELETE FROM reset WHERE id = $1 AND tries_left > 0")
                .bind(id.to_string())
                .execute(&mut *change)
                .await?;
            if used.rows_affected() == 0 {
                return change.keep(false);
            }
            query("DELETE FROM reset WHERE member_id = $1 AND of_what = $2")
                .bind(member_id)
                .bind(word)
                .execute(&mut *change)
                .await?;
            put_hash(&mut change, member_id, of_what, hash).await?;
            log_out_others(&mut change, member_id, None).await?;
            let event = match of_what {
                SecretOf::Password => MemberEvent::PasswordReset,
                SecretOf::SettlementCode => MemberEvent::SettlementCodeReset,
            };
            add_event(&mut change, member_id, event, now).await?;
            change.keep(true)
        })
        .await
}

/// When a member's password was reset last, or another e-mail address taken.
pub async fn last_turn(
    database: &Database,
    member_id: &str,
) -> Result<Option<Timestamp>, DatabaseError> {
    let (last,): (Option<i64>,) =
        query_as("SELECT MAX(at) FROM member_event WHERE member_id = $1 AND what IN ($2, $3)")
            .bind(member_id)
            .bind(word(MemberEvent::PasswordReset)?)
            .bind(word(MemberEvent::EmailChanged)?)
            .fetch_one(database.reads())
            .await?;
    Ok(last.map(Timestamp))
}
