//! Stores that are closed, and cells that stores are not in any more.

use domain::wire::Cell;
use server_kit::{Connection, Database, DatabaseError};
use sqlx::query;

use super::telling::tell;

/// Notes that the store with this id is in the cell `now` and was in `before`.
///
/// # Errors
/// When the database cannot be written.
pub async fn is_in(
    change: &mut Connection,
    id: &str,
    now: Cell,
    before: i64,
) -> Result<(), DatabaseError> {
    let now = i64::from(now.number());
    if now != before {
        is_gone(change, id, before).await?;
    }
    query("DELETE FROM store_gone WHERE id = $1 AND cell = $2")
        .bind(id)
        .bind(now)
        .execute(change)
        .await?;
    Ok(())
}

async fn is_gone(change: &mut Connection, id: &str, cell: i64) -> Result<(), DatabaseError> {
    query(
        "INSERT INTO store_gone (id, cell) VALUES ($1, $2)
         ON CONFLICT (id, cell) DO UPDATE SET revision = NULL",
    )
    .bind(id)
    .bind(cell)
    .execute(change)
    .await?;
    Ok(())
}

/// Stores closed in one transaction.
const BATCH: usize = 1000;

/// Closes the stores with these ids: nobody is told of them any more, and whoever was is told so. What was
/// paid there stays. One that a later file has again is open again.
///
/// # Errors
/// When the database cannot be written.
pub async fn close(database: &Database, ids: &[String]) -> Result<(), DatabaseError> {
    for ids in ids.chunks(BATCH) {
        database
            .transaction(|mut change| async move {
                for id in ids {
                    let closed: Option<(i64,)> = sqlx::query_as(
                        "UPDATE store SET closed = 1, revision = NULL
                         WHERE id = $1 AND closed = 0 RETURNING cell",
                    )
                    .bind(id)
                    .fetch_optional(&mut *change)
                    .await?;
                    if let Some((cell,)) = closed {
                        is_gone(&mut change, id, cell).await?;
                    }
                }
                tell(&mut change).await?;
                change.keep(())
            })
            .await?;
    }
    Ok(())
}
