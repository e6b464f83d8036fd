use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use domain::{Timestamp, wire::Session};
use server_frame::{Refused, bearer};
use sha2::{Digest, Sha256};
use sqlx::SqlitePool;

use crate::{App, signing::hex};

/// How long a session lasts: a member should not have to log in again at the till.
const LASTS_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// The member whose token came with the request.
pub(crate) struct Member {
    /// The row in `member`.
    pub id: String,
    token_digest: String,
}

impl FromRequestParts<Arc<App>> for Member {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let token = bearer(&parts.headers)
            .ok_or_else(|| Refused::unauthorized("Log in and send Authorization: Bearer TOKEN."))?;
        // Found by its digest: the time this takes tells nothing of the token.
        let token_digest = digest(token);
        let row: Option<(String,)> = sqlx::query_as(
            "SELECT member_id FROM session WHERE token_digest = $1 AND expires_at > $2",
        )
        .bind(&token_digest)
        .bind(app.clock.now().0)
        .fetch_optional(&app.pool)
        .await?;
        let (id,) = row.ok_or_else(|| Refused::unauthorized("The session is over: log in."))?;
        Ok(Self { id, token_digest })
    }
}

/// Opens a session for a member and forgets those that are over.
pub(crate) async fn open(
    pool: &SqlitePool,
    member_id: &str,
    now: Timestamp,
) -> Result<Session, Refused> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|_| {
        tracing::error!("the system gives no random numbers");
        Refused::internal()
    })?;
    let token = hex(&secret);
    let expires_at = Timestamp(now.0.saturating_add(LASTS_MS));
    let mut change = pool.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query("DELETE FROM session WHERE expires_at <= $1")
        .bind(now.0)
        .execute(&mut *change)
        .await?;
    sqlx::query("INSERT INTO session (token_digest, member_id, expires_at) VALUES ($1, $2, $3)")
        .bind(digest(&token))
        .bind(member_id)
        .bind(expires_at.0)
        .execute(&mut *change)
        .await?;
    change.commit().await?;
    Ok(Session { token, expires_at })
}

/// Ends the session the member came with.
pub(crate) async fn close(pool: &SqlitePool, member: &Member) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM session WHERE token_digest = $1")
        .bind(&member.token_digest)
        .execute(pool)
        .await?;
    Ok(())
}

fn digest(token: &str) -> String {
    hex(&Sha256::digest(token))
}
