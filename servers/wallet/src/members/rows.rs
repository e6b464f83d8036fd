//! Members, their sessions and wrong guesses, in the database.

use domain::{Timestamp, wire::Session};
use server_kit::{Database, DatabaseError, hex};
use sha2::{Digest, Sha256};
use sqlx::{query, query_as};

use super::rules::{FORGOTTEN_MS, MustWait, SESSION_LASTS_MS, may_guess, wait_ms};

/// The id and the password's hash of the member with this user id.
pub async fn by_user_id(
    database: &Database,
    user_id: &str,
) -> Result<Option<(String, String)>, DatabaseError> {
    query_as("SELECT id, password_hash FROM member WHERE user_id = $1")
        .bind(user_id)
        .fetch_optional(database.reads())
        .await
}

/// Opens a session under `token` for a member, and forgets those that are over.
pub async fn open_session(
    database: &Database,
    member_id: &str,
    token: String,
    now: Timestamp,
) -> Result<Session, DatabaseError> {
    let expires_at = Timestamp(now.0.saturating_add(SESSION_LASTS_MS));
    let digest = &digest(&token);
    database
        .transaction(|mut change| async move {
            query("DELETE FROM session WHERE expires_at <= $1")
                .bind(now.0)
                .execute(&mut *change)
                .await?;
            query("INSERT INTO session (token_digest, member_id, expires_at) VALUES ($1, $2, $3)")
                .bind(digest)
                .bind(member_id)
                .bind(expires_at.0)
                .execute(&mut *change)
                .await?;
            change.keep(())
        })
        .await?;
    Ok(Session { token, expires_at })
}

/// The member whose session has this token. Found by its digest: the time this takes tells nothing
/// of the token.
pub async fn member_of(
    database: &Database,
    token: &str,
    now: Timestamp,
) -> Result<Option<String>, DatabaseError> {
    let row: Option<(String,)> =
        query_as("SELECT member_id FROM session WHERE token_digest = $1 AND expires_at > $2")
            .bind(digest(token))
            .bind(now.0)
            .fetch_optional(database.reads())
            .await?;
    Ok(row.map(|(id,)| id))
}

/// Ends the session with this token.
pub async fn close_session(database: &Database, token: &str) -> Result<(), DatabaseError> {
    query("DELETE FROM session WHERE token_digest = $1")
        .bind(digest(token))
        .execute(database.reads())
        .await?;
    Ok(())
}

/// Counts this guess at the secret of `subject` (a digest) as wrong before it is judged, so that
/// many at once do not slip through.
pub async fn count_guess(
    database: &Database,
    subject: &str,
    now: Timestamp,
) -> Result<Result<(), MustWait>, DatabaseError> {
    database
        .transaction(|mut change| async move {
            query("DELETE FROM login_failure WHERE locked_until <= $1")
                .bind(now.0.saturating_sub(FORGOTTEN_MS))
                .execute(&mut *change)
                .await?;
            let row: Option<(i64, i64)> =
                query_as("SELECT failures, locked_until FROM login_failure WHERE user_digest = $1")
                    .bind(subject)
                    .fetch_optional(&mut *change)
                    .await?;
            let (failures, locked_until) = row.unwrap_or((0, now.0));
            if let Err(must_wait) = may_guess(locked_until, now.0) {
                return change.keep(Err(must_wait));
            }
            let failures = failures.saturating_add(1);
            query(
                "INSERT INTO login_failure (user_digest, failures, locked_until)
                 VALUES ($1, $2, $3)
                 ON CONFLICT (user_digest) DO UPDATE SET failures = excluded.failures,
                    locked_until = excluded.locked_until",
            )
            .bind(subject)
            .bind(failures)
            .bind(now.0.saturating_add(wait_ms(failures)))
            .execute(&mut *change)
            .await?;
            change.keep(Ok(()))
        })
        .await
}

/// Nothing was wrong with the guesses so far.
pub async fn forget_guesses(database: &Database, subject: &str) -> Result<(), DatabaseError> {
    query("DELETE FROM login_failure WHERE user_digest = $1")
        .bind(subject)
        .execute(database.reads())
        .await?;
    Ok(())
}

fn digest(token: &str) -> String {
    hex(&Sha256::digest(token))
}
