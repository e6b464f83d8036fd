//! Devices' provider tokens in the database, sealed, and up to which event each was told.

use domain::Timestamp;
use server_kit::{Change, Database, DatabaseError, damaged};
use sqlx::{AssertSqlSafe, FromRow, query, query_as, query_scalar};

use super::gateway::Push;
use crate::sealing::SealingKey;

/// A device that registers its token, by the session that says so.
pub struct Registering<'a> {
    /// The device's digest.
    pub device: &'a str,
    /// The session's, by whose end the token goes.
    pub session: &'a str,
    /// The app's word for the provider.
    pub service: &'a str,
    /// The token, sealed for the device.
    pub sealed: &'a [u8],
    /// What finds the token without opening it.
    pub digest: &'a str,
}

/// Keeps the token of a device in place of the one it had, and of whoever had this one before: a phone
/// has one member at a time. It hears of what happens from now on.
pub async fn put(database: &Database, new: &Registering<'_>) -> Result<(), DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            query("DELETE FROM push_token WHERE digest = $1 AND device_digest <> $2")
                .bind(new.digest)
                .bind(new.device)
                .execute(&mut *change)
                .await?;
            query(
                "INSERT INTO push_token (device_digest, service, sealed, digest, family, told)
                 VALUES ($1, $2, $3, $4,
                    (SELECT family FROM session WHERE token_digest = $5),
                    (SELECT COALESCE(MAX(e.id), 0) FROM event e JOIN device d
                        ON d.member_id = e.member_id WHERE d.token_digest = $1))
                 ON CONFLICT (device_digest) DO UPDATE SET service = excluded.service,
                    sealed = excluded.sealed, digest = excluded.digest, family = excluded.family,
                    tries = 0, again_at = NULL",
            )
            .bind(new.device)
            .bind(new.service)
            .bind(new.sealed)
            .bind(new.digest)
            .bind(new.session)
            .execute(&mut *change)
            .await?;
            change.keep(())
        })
        .await
}

/// Forgets the token of a device; again is no harm.
pub async fn forget(database: &Database, device: &str) -> Result<(), DatabaseError> {
    query("DELETE FROM push_token WHERE device_digest = $1")
        .bind(device)
        .execute(database.reads())
        .await?;
    Ok(())
}

/// The provider knows the token no more; one that the device has registered since stays.
pub async fn gone(database: &Database, due: &Due) -> Result<(), DatabaseError> {
    query("DELETE FROM push_token WHERE device_digest = $1 AND digest = $2")
        .bind(&due.device)
        .bind(&due.digest)
        .execute(database.reads())
        .await?;
    Ok(())
}

/// The device was told of all up to the event of `due`.
pub async fn told(database: &Database, due: &Due) -> Result<(), DatabaseError> {
    query(
        "UPDATE push_token SET told = $1, tries = 0, again_at = NULL
         WHERE device_digest = $2 AND told < $1",
    )
    .bind(due.event)
    .bind(&due.device)
    .execute(database.reads())
    .await?;
    Ok(())
}

/// The provider took nothing; the device is to be told at that time.
pub async fn try_again(database: &Database, due: &Due, at: Timestamp) -> Result<(), DatabaseError> {
    query("UPDATE push_token SET tries = tries + 1, again_at = $1 WHERE device_digest = $2")
        .bind(at.0)
        .bind(&due.device)
        .execute(database.reads())
        .await?;
    Ok(())
}

/// A device that is to be told of something new.
#[derive(FromRow)]
pub struct Due {
    /// The device's digest.
    pub device: String,
    /// The token's.
    pub digest: String,
    /// The newest event.
    pub event: i64,
    /// How often its provider took nothing.
    pub tries: i64,
    service: String,
    sealed: Vec<u8>,
}

impl Due {
    /// The push.
    ///
    /// # Errors
    /// When the token was sealed with another key.
    pub fn push(&self, key: &SealingKey) -> Result<Push, DatabaseError> {
        let token = key.unseal(&self.device, &self.sealed).ok_or_else(|| damaged("sealed"))?;
        let device = self.device.chars().take(32).collect();
        Ok(Push::new(device, self.service.clone(), token, self.event))
    }
}

/// Whom to look at.
#[derive(Clone, Copy)]
pub enum Whom {
    /// Whoever has an event after this one, and is not to be tried again later.
    After(i64),
    /// Whoever is to be tried again by now.
    Again,
}

/// At most `limit` devices that were not told of their member's newest event, and whose session can still
/// go on.
pub async fn due(
    database: &Database,
    whom: Whom,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<Due>, DatabaseError> {
    let (which, after) = match whom {
        Whom::After(event) => ("p.again_at IS NULL", event),
        Whom::Again => ("p.again_at <= $2", 0),
    };
    let statement = format!(
        "SELECT p.device_digest AS device, p.digest, p.service, p.sealed, p.tries,
            MAX(e.id) AS event
         FROM event e JOIN device d ON d.member_id = e.member_id
         JOIN push_token p ON p.device_digest = d.token_digest
         WHERE {which} AND e.id > $1 AND e.id > p.told
            AND (EXISTS (SELECT 1 FROM refresh r
                    WHERE r.device_digest = p.device_digest AND r.expires_at > $2)
                OR EXISTS (SELECT 1 FROM session s
                    WHERE s.device_digest = p.device_digest AND s.expires_at > $2))
         GROUP BY p.device_digest, p.digest, p.service, p.sealed, p.tries LIMIT $3"
    );
    query_as(AssertSqlSafe(statement))
        .bind(after)
        .bind(now.0)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(database.reads())
        .await
}

/// The newest event of all; 0 before the first.
pub async fn newest(database: &Database) -> Result<i64, DatabaseError> {
    query_scalar("SELECT COALESCE(MAX(id), 0) FROM event").fetch_one(database.reads()).await
}
