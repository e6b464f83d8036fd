use std::{sync::Arc, thread::available_parallelism};

use anyhow::anyhow;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use axum::http::StatusCode;
use domain::{Timestamp, wire::LoginRequest};
use server_frame::Refused;
use sha2::{Digest, Sha256};
use sqlx::SqlitePool;
use tokio::sync::Semaphore;

use crate::signing::hex;

/// Argon2id as the OWASP Password Storage Cheat Sheet has it: KiB of memory, passes, lanes.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Failed log-ins in a row before waiting begins.
const FREE_FAILURES: i64 = 3;
/// Longest wait, as a power of two of seconds: 2^10 s is 17 minutes, under which 100 guesses take
/// more than a day, and which a member who mistyped can sit out.
const LONGEST_WAIT_LOG2: i64 = 10;
/// Failures older than this are forgotten.
const FORGOTTEN_MS: i64 = 24 * 60 * 60 * 1000;
/// Longest user id and password, bytes.
pub(crate) const MAX_USER_ID: usize = 128;
pub(crate) const MAX_PASSWORD: usize = 1024;

/// Checks passwords: as many at once as there are cores, since each takes 19 MiB.
pub(crate) struct Logins {
    at_once: Arc<Semaphore>,
    /// A hash that no password matches, checked when there is no such member, so that the answer
    /// takes as long.
    nobody: Arc<str>,
}

impl Logins {
    pub fn new() -> anyhow::Result<Self> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret)?;
        Ok(Self {
            at_once: Arc::new(Semaphore::new(available_parallelism().map_or(1, usize::from))),
            nobody: hash_password(&hex(&secret))?.into(),
        })
    }

    /// The id of the member who logs in, or the one refusal for whatever is wrong.
    pub async fn check(
        &self,
        pool: &SqlitePool,
        login: LoginRequest,
        now: Timestamp,
    ) -> Result<String, Refused> {
        let LoginRequest { user_id, password } = login;
        if user_id.len() > MAX_USER_ID || password.len() > MAX_PASSWORD {
            return Err(Refused::invalid("The user id or the password is too long."));
        }
        let user_digest = hex(&Sha256::digest(&user_id));
        count_try(pool, &user_digest, now).await?;
        let member: Option<(String, String)> =
            sqlx::query_as("SELECT id, password_hash FROM member WHERE user_id = $1")
                .bind(&user_id)
                .fetch_optional(pool)
                .await?;
        let (id, hash) = match member {
            Some((id, hash)) => (Some(id), hash),
            None => (None, self.nobody.to_string()),
        };
        let permit = Arc::clone(&self.at_once).acquire_owned().await.map_err(|_| {
            tracing::error!("the gate of log-ins is closed");
            Refused::internal()
        })?;
        let matches = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            verify(&password, &hash)
        })
        .await
        .unwrap_or(false);
        match id {
            Some(id) if matches => {
                forget_tries(pool, &user_digest).await?;
                Ok(id)
            }
            _ => Err(Refused::new(
                StatusCode::UNAUTHORIZED,
                "wrong_credentials",
                "Not signed in",
                "The user id or the password is wrong.",
            )),
        }
    }
}

/// Nothing was wrong with the tries so far.
pub(super) async fn forget_tries(pool: &SqlitePool, user_digest: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM login_failure WHERE user_digest = $1")
        .bind(user_digest)
        .execute(pool)
        .await?;
    Ok(())
}

/// Counts this try as failed before it is judged, so that many at once do not slip through.
pub(super) async fn count_try(
    pool: &SqlitePool,
    user_digest: &str,
    now: Timestamp,
) -> Result<(), Refused> {
    let mut change = pool.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query("DELETE FROM login_failure WHERE locked_until <= $1")
        .bind(now.0.saturating_sub(FORGOTTEN_MS))
        .execute(&mut *change)
        .await?;
    let row: Option<(i64, i64)> =
        sqlx::query_as("SELECT failures, locked_until FROM login_failure WHERE user_digest = $1")
            .bind(user_digest)
            .fetch_optional(&mut *change)
            .await?;
    let (failures, locked_until) = row.unwrap_or((0, now.0));
    let wait_ms = locked_until.saturating_sub(now.0);
    if wait_ms > 0 {
        let seconds = u64::try_from(wait_ms).unwrap_or(0).div_ceil(1000);
        return Err(Refused::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_attempts",
            "Too many tries failed",
            "Wait before the next try.",
        )
        .retry_after(seconds));
    }
    let failures = failures.saturating_add(1);
    let wait_ms = match failures - FREE_FAILURES {
        ..=0 => 0,
        beyond => 1000 << (beyond - 1).min(LONGEST_WAIT_LOG2),
    };
    sqlx::query(
        "INSERT INTO login_failure (user_digest, failures, locked_until) VALUES ($1, $2, $3)
         ON CONFLICT (user_digest) DO UPDATE SET failures = excluded.failures,
            locked_until = excluded.locked_until",
    )
    .bind(user_digest)
    .bind(failures)
    .bind(now.0.saturating_add(wait_ms))
    .execute(&mut *change)
    .await?;
    Ok(change.commit().await?)
}

fn argon2id() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| anyhow!("Argon2 refuses its parameters: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password with a new salt, as a PHC string.
pub(crate) fn hash_password(password: &str) -> anyhow::Result<String> {
    let hash = argon2id()?
        .hash_password(password.as_bytes())
        .map_err(|error| anyhow!("the password cannot be hashed: {error}"))?;
    Ok(hash.to_string())
}

fn verify(password: &str, hash: &str) -> bool {
    let (Ok(argon2), Ok(hash)) = (argon2id(), PasswordHash::new(hash)) else { return false };
    argon2.verify_password(password.as_bytes(), &hash).is_ok()
}
