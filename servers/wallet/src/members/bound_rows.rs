//! Sessions bound to a key, and the refresh tokens that renew them, in the database.

use domain::{
    Timestamp,
    wire::{BoundSession, DeviceDescription},
};
use server_kit::{Change, Connection, Database, DatabaseError};
use sqlx::{FromRow, query, query_as};

use super::{
    devices::{digest, put_device},
    rules::{ACCESS_LASTS_MS, SESSION_LASTS_MS},
};

/// A session to be opened, and for which key.
pub struct Binding {
    pub member_id: String,
    pub thumbprint: String,
    /// What all refresh tokens of one log-in have in common.
    pub family: String,
    pub access: String,
    pub refresh: String,
}

/// What came of a refresh token.
pub enum Refreshed {
    /// The next session.
    Session(BoundSession),
    /// It had been used: somebody has a copy, so the whole family is over.
    Reused {
        /// Whose it was.
        member_id: String,
    },
    /// It is nobody's, over, or another key's.
    Unknown,
}

/// Opens a bound session of a member on a device.
pub async fn open(
    database: &Database,
    binding: &Binding,
    (device, description): (String, DeviceDescription),
    now: Timestamp,
) -> Result<BoundSession, DatabaseError> {
    let (device_digest, description) = (&digest(&device), &description);
    let session = database
        .transaction(|mut change: Change| async move {
            put_device(&mut change, device_digest, &binding.member_id, description, now).await?;
            let session = put(&mut change, binding, device_digest, now).await?;
            change.keep(session)
        })
        .await?;
    Ok(BoundSession { device: Some(device), ..session })
}

async fn put(
    change: &mut Connection,
    binding: &Binding,
    device_digest: &str,
    now: Timestamp,
) -> Result<BoundSession, DatabaseError> {
    let Binding { member_id, thumbprint, family, access, refresh } = binding;
    let expires_at = Timestamp(now.0.saturating_add(ACCESS_LASTS_MS));
    let refresh_expires_at = Timestamp(now.0.saturating_add(SESSION_LASTS_MS));
    query(
        "INSERT INTO session (token_digest, member_id, expires_at, device_digest, key_thumbprint,
            family) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(digest(access))
    .bind(member_id)
    .bind(expires_at.0)
    .bind(device_digest)
    .bind(thumbprint)
    .bind(family)
    .execute(&mut *change)
    .await?;
    query(
        "INSERT INTO refresh (token_digest, family, member_id, device_digest, key_thumbprint,
            expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(digest(refresh))
    .bind(family)
    .bind(member_id)
    .bind(device_digest)
    .bind(thumbprint)
    .bind(refresh_expires_at.0)
    .execute(change)
    .await?;
    Ok(BoundSession {
        token: access.clone(),
        expires_at,
        refresh_token: refresh.clone(),
        refresh_expires_at,
        device: None,
    })
}

#[derive(FromRow)]
struct RefreshRow {
    family: String,
    member_id: String,
    device_digest: String,
    key_thumbprint: String,
    used_at: Option<i64>,
    /// Whether nobody has used the token that follows; `None` where none does.
    successor_waits: Option<i64>,
}

/// The next session for a refresh token, by the key it is bound to. One that was used before ends its
/// family, unless nobody used the next: then the answer was lost, or the phone ended before it had kept it,
/// and it comes again whenever that phone is next switched on.
pub async fn refresh(
    database: &Database,
    token: &str,
    thumbprint: &str,
    (access, next): (String, String),
    now: Timestamp,
) -> Result<Refreshed, DatabaseError> {
    let (token, access, next) = (&digest(token), &access, &next);
    database
        .transaction(|mut change: Change| async move {
            let Some(row) = by_digest(&mut change, token, now).await? else {
                return change.keep(Refreshed::Unknown);
            };
            if row.key_thumbprint != thumbprint {
                return change.keep(Refreshed::Unknown);
            }
            let RefreshRow { family, member_id, device_digest, .. } = row;
            if row.used_at.is_some() && row.successor_waits != Some(1) {
                end_family(&mut change, &family).await?;
                return change.keep(Refreshed::Reused { member_id });
            }
            follow(&mut change, token, &digest(next), now).await?;
            let binding = Binding {
                member_id,
                thumbprint: thumbprint.to_owned(),
                family,
                access: access.clone(),
                refresh: next.clone(),
            };
            let session = put(&mut change, &binding, &device_digest, now).await?;
            change.keep(Refreshed::Session(session))
        })
        .await
}

async fn by_digest(
    change: &mut Connection,
    token: &str,
    now: Timestamp,
) -> Result<Option<RefreshRow>, DatabaseError> {
    query_as(
        "SELECT r.family, r.member_id, r.device_digest, r.key_thumbprint, r.used_at,
            (SELECT CAST(CASE WHEN used_at IS NULL THEN 1 ELSE 0 END AS BIGINT) FROM refresh
                WHERE token_digest = r.successor) AS successor_waits
         FROM refresh r WHERE r.token_digest = $1 AND r.expires_at > $2",
    )
    .bind(token)
    .bind(now.0)
    .fetch_optional(change)
    .await
}

/// The token is used; so is the one that followed it before, whose answer was lost: nobody has that, unless
/// somebody else has a copy of this one. The family's sessions until now are over.
async fn follow(
    change: &mut Connection,
    token: &str,
    successor: &str,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    query(
        "DELETE FROM session WHERE family = (SELECT family FROM refresh WHERE token_digest = $1)",
    )
    .bind(token)
    .execute(&mut *change)
    .await?;
    query(
        "UPDATE refresh SET used_at = $1
         WHERE token_digest = (SELECT successor FROM refresh WHERE token_digest = $2)",
    )
    .bind(now.0)
    .bind(token)
    .execute(&mut *change)
    .await?;
    query(
        "UPDATE refresh SET used_at = COALESCE(used_at, $1), successor = $2
         WHERE token_digest = $3",
    )
    .bind(now.0)
    .bind(successor)
    .bind(token)
    .execute(change)
    .await?;
    Ok(())
}

async fn end_family(change: &mut Connection, family: &str) -> Result<(), DatabaseError> {
    for forget in ["DELETE FROM session WHERE family = $1", "DELETE FROM refresh WHERE family = $1"]
    {
        query(forget).bind(family).execute(&mut *change).await?;
    }
    Ok(())
}

/// Ends a session and what would renew it; by what its log-in had the device pushed goes along.
pub async fn close(database: &Database, token: &str) -> Result<(), DatabaseError> {
    let token = &digest(token);
    database
        .transaction(|mut change: Change| async move {
            for forget in [
                "DELETE FROM push_token WHERE EXISTS (SELECT 1 FROM session s
                    WHERE s.token_digest = $1 AND s.device_digest = push_token.device_digest
                        AND COALESCE(s.family, '') = COALESCE(push_token.family, ''))",
                "DELETE FROM refresh WHERE family =
                    (SELECT family FROM session WHERE token_digest = $1)",
                "DELETE FROM session WHERE token_digest = $1",
            ] {
                query(forget).bind(token).execute(&mut *change).await?;
            }
            change.keep(())
        })
        .await
}
