//! That the register has changed.

use domain::Timestamp;
use server_kit::{Clock, Connection, DatabaseError};
use sqlx::{query, query_as};

/// How long it is remembered which stores are gone: a phone that was away for longer fetches whole tiles.
const REMEMBERED_MS: i64 = 90 * 86_400_000;

/// Tells running servers to look at the register again. Phones refuse a revision smaller than one
/// they have seen; it follows the clock, so that the first change after a backup was put back is
/// larger than all before.
///
/// # Errors
/// When the database cannot be written.
pub async fn tell(change: &mut Connection) -> Result<(), DatabaseError> {
    let Timestamp(now) = Clock::system().now();
    let (revision,): (i64,) = query_as(
        "UPDATE register_revision
         SET revision = CASE WHEN revision < $1 THEN $1 ELSE revision + 1 END RETURNING revision",
    )
    .bind(now)
    .fetch_one(&mut *change)
    .await?;
    for told in [
        "UPDATE store SET revision = $1 WHERE revision IS NULL",
        "UPDATE store_gone SET revision = $1 WHERE revision IS NULL",
        "INSERT INTO register_history (revision) VALUES ($1)",
    ] {
        query(told).bind(revision).execute(&mut *change).await?;
    }
    // First those revisions that ask for what is forgotten then.
    for forgotten in [
        "DELETE FROM register_history WHERE revision < $1",
        "DELETE FROM store_gone WHERE revision < $1",
    ] {
        query(forgotten).bind(revision.saturating_sub(REMEMBERED_MS)).execute(&mut *change).await?;
    }
    Ok(())
}
