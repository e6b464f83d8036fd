//! Members, their sessions and wrong guesses, in the database.

use domain::{
    Timestamp,
    wire::{DeviceDescription, Session},
};
use server_kit::{Connection, Database, DatabaseError, keep_latest};
use sqlx::{query, query_as};

use super::{
    devices::{digest, put_device},
    rules::{
        FORGOTTEN_MS, MOST_FAILURES_OF_CODE, MOST_SUBJECTS, MustWait, SESSION_FORGOTTEN_MS,
        SESSION_LASTS_MS, Subject,
    },
};

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

/// Puts `new` in the place of a member's `old` password hash, if it is still there.
pub async fn replace_hash(
    database: &Database,
    member_id: &str,
    old: &str,
    new: &str,
) -> Result<(), DatabaseError> {
    query("UPDATE member SET password_hash = $1 WHERE id = $2 AND password_hash = $3")
        .bind(new)
        .bind(member_id)
        .bind(old)
        .execute(database.reads())
        .await?;
    Ok(())
}

/// Opens a session under `token` for a member on a device, and forgets those that are over.
pub async fn open_session(
    database: &Database,
    member_id: &str,
    token: String,
    (device, description): (String, DeviceDescription),
    now: Timestamp,
) -> Result<Session, DatabaseError> {
    let expires_at = Timestamp(now.0.saturating_add(SESSION_LASTS_MS));
    let (digest, device_digest) = (&digest(&token), &digest(&device));
    let description = &description;
    database
        .transaction(|mut change| async move {
            query("DELETE FROM session WHERE expires_at <= $1")
                .bind(now.0.saturating_sub(SESSION_FORGOTTEN_MS))
                .execute(&mut *change)
                .await?;
            put_device(&mut change, device_digest, member_id, description, now).await?;
            query(
                "INSERT INTO session (token_digest, member_id, expires_at, device_digest)
                 VALUES ($1, $2, $3, $4)",
            )
            .bind(digest)
            .bind(member_id)
            .bind(expires_at.0)
            .bind(device_digest)
            .execute(&mut *change)
            .await?;
            change.keep(())
        })
        .await?;
    Ok(Session { token, expires_at, device: Some(device) })
}

/// A session: the member, the device's digest, and the thumbprint of the key it is bound to.
pub type SessionRow = (String, Option<String>, Option<String>);

/// The session with this token's digest, unless it is over. Found by the digest, so that the time this
/// takes tells nothing of the token.
pub async fn session(
    database: &Database,
    token_digest: &str,
    now: Timestamp,
) -> Result<Option<SessionRow>, DatabaseError> {
    query_as(
        "SELECT member_id, device_digest, key_thumbprint FROM session
         WHERE token_digest = $1 AND expires_at > $2",
    )
    .bind(token_digest)
    .bind(now.0)
    .fetch_optional(database.reads())
    .await
}

/// Counts this guess as wrong before it is judged, so that many at once do not slip through; who
/// judges it right takes that back by [`forget_guesses`].
pub async fn count_guess(
    database: &Database,
    subjects: &[Subject<'_>],
    now: Timestamp,
) -> Result<Result<(), MustWait>, DatabaseError> {
    database
        .transaction(|mut change| async move {
            let mut counted = Vec::with_capacity(subjects.len());
            for subject in subjects {
                let (failures, locked_until) = guesses(&mut change, subject, now).await?;
                if let Err(must_wait) = subject.may_guess(failures, locked_until, now.0) {
                    return change.keep(Err(must_wait));
                }
                counted.push(failures.saturating_add(1));
            }
            for (subject, failures) in subjects.iter().zip(counted) {
                put_guesses(&mut change, subject, failures, now).await?;
            }
            forget_old_guesses(&mut change, now).await?;
            change.keep(Ok(()))
        })
        .await
}

/// Wrong guesses so far, and until when the next must wait.
async fn guesses(
    change: &mut Connection,
    subject: &Subject<'_>,
    now: Timestamp,
) -> Result<(i64, i64), DatabaseError> {
    let row: Option<(i64, i64)> =
        query_as("SELECT failures, locked_until FROM login_failure WHERE user_digest = $1")
            .bind(subject.digest())
            .fetch_optional(change)
            .await?;
    Ok(row.unwrap_or((0, now.0)))
}

async fn put_guesses(
    change: &mut Connection,
    subject: &Subject<'_>,
    failures: i64,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    query(
        "INSERT INTO login_failure (user_digest, failures, locked_until) VALUES ($1, $2, $3)
         ON CONFLICT (user_digest) DO UPDATE SET failures = excluded.failures,
            locked_until = excluded.locked_until",
    )
    .bind(subject.digest())
    .bind(failures)
    .bind(now.0.saturating_add(subject.wait_ms(failures)))
    .execute(change)
    .await?;
    Ok(())
}

async fn forget_old_guesses(change: &mut Connection, now: Timestamp) -> Result<(), DatabaseError> {
    query("DELETE FROM login_failure WHERE locked_until <= $1")
        .bind(now.0.saturating_sub(FORGOTTEN_MS))
        .execute(&mut *change)
        .await?;
    // A flood of made-up names must not fill the disk.
    keep_latest(change, "login_failure", "locked_until", MOST_SUBJECTS).await
}

/// The guess counted last was right: nothing was wrong with those at its secret so far; where
/// there are many secrets, one guess less was wrong.
pub async fn forget_guesses(
    database: &Database,
    subjects: &[Subject<'_>],
) -> Result<(), DatabaseError> {
    for subject in subjects {
        let forget = match subject {
            Subject::Secret(_) | Subject::SettlementCode(_) => {
                "DELETE FROM login_failure WHERE user_digest = $1"
            }
            Subject::LinkCodes(_) | Subject::Source(_) | Subject::Joiners(_) => {
                "UPDATE login_failure SET failures = failures - 1, locked_until = locked_until
                 WHERE user_digest = $1 AND failures > 0"
            }
        };
        query(forget).bind(subject.digest()).execute(database.reads()).await?;
    }
    Ok(())
}

/// Counts a settlement code of this member as wrong before it is judged. `false` when there were too
/// many in a row already.
pub async fn count_code(database: &Database, member_id: &str) -> Result<bool, DatabaseError> {
    let counted = query(
        "UPDATE member SET settlement_code_failures = settlement_code_failures + 1
         WHERE id = $1 AND settlement_code_failures < $2",
    )
    .bind(member_id)
    .bind(MOST_FAILURES_OF_CODE)
    .execute(database.reads())
    .await?;
    Ok(counted.rows_affected() > 0)
}

/// The settlement code counted last was right.
pub async fn forget_codes(database: &Database, member_id: &str) -> Result<(), DatabaseError> {
    query("UPDATE member SET settlement_code_failures = 0 WHERE id = $1")
        .bind(member_id)
        .execute(database.reads())
        .await?;
    Ok(())
}

/// Ends every session that no key is bound to.
pub async fn end_bearer_sessions(database: &Database) -> Result<(), DatabaseError> {
    query("DELETE FROM session WHERE key_thumbprint IS NULL").execute(database.reads()).await?;
    Ok(())
}
