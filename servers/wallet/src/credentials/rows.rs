//! Members' passwords and settlement codes as hashes, in the database.

use domain::{
    Timestamp,
    wire::{Profile, SecretOf},
};
use server_kit::{Change, Connection, Database, DatabaseError, from_json};
use sqlx::{FromRow, query, query_as};

use crate::members::{MemberEvent, add_event, log_out_others};

/// What a member proves themselves with, and what their secrets must not resemble.
pub struct Credentials {
    pub user_id: String,
    pub password_hash: String,
    pub settlement_code_hash: Option<String>,
    pub profile: Option<Profile>,
}

#[derive(FromRow)]
struct Row {
    user_id: String,
    password_hash: String,
    settlement_code_hash: Option<String>,
    profile: Option<String>,
}

/// What a member proves themselves with; `None` when the member has left.
pub async fn credentials_of(
    database: &Database,
    member_id: &str,
) -> Result<Option<Credentials>, DatabaseError> {
    let row: Option<Row> = query_as(
        "SELECT user_id, password_hash, settlement_code_hash, profile FROM member WHERE id = $1",
    )
    .bind(member_id)
    .fetch_optional(database.reads())
    .await?;
    let read = |row: Row| {
        let profile = row.profile.as_deref().map(|text| from_json(text, "profile"));
        Ok(Credentials {
            user_id: row.user_id,
            password_hash: row.password_hash,
            settlement_code_hash: row.settlement_code_hash,
            profile: profile.transpose()?,
        })
    };
    row.map(read).transpose()
}

/// Puts a new hash in the place of the one that was confirmed. A new password logs out every device
/// but the one it was changed from. `false` when another was put there meanwhile.
pub async fn change(
    database: &Database,
    member_id: &str,
    here: Option<&str>,
    what: SecretOf,
    (old, new): (Option<&str>, &str),
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            if hash_of(&mut change, member_id, what).await?.as_deref() != old {
                return change.keep(false);
            }
            put_hash(&mut change, member_id, what, new).await?;
            let event = match what {
                SecretOf::Password => MemberEvent::PasswordChanged,
                SecretOf::SettlementCode => MemberEvent::SettlementCodeChanged,
            };
            add_event(&mut change, member_id, event, now).await?;
            if what == SecretOf::Password {
                log_out_others(&mut change, member_id, here).await?;
            }
            change.keep(true)
        })
        .await
}

async fn hash_of(
    change: &mut Connection,
    member_id: &str,
    what: SecretOf,
) -> Result<Option<String>, DatabaseError> {
    let select = match what {
        SecretOf::Password => "SELECT password_hash FROM member WHERE id = $1",
        SecretOf::SettlementCode => "SELECT settlement_code_hash FROM member WHERE id = $1",
    };
    let row: Option<(Option<String>,)> =
        query_as(select).bind(member_id).fetch_optional(change).await?;
    Ok(row.and_then(|(hash,)| hash))
}

/// Puts a member's new hash.
pub async fn put_hash(
    change: &mut Connection,
    member_id: &str,
    what: SecretOf,
    new: &str,
) -> Result<(), DatabaseError> {
    let update = match what {
        SecretOf::Password => "UPDATE member SET password_hash = $1 WHERE id = $2",
        SecretOf::SettlementCode => {
            "UPDATE member SET settlement_code_hash = $1, settlement_code_failures = 0
             WHERE id = $2"
        }
    };
    query(update).bind(new).bind(member_id).execute(change).await?;
    Ok(())
}
