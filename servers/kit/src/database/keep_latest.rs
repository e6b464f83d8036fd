//! Tables that a flood must not let grow: only their latest rows are kept.

use sqlx::{Any, AssertSqlSafe, Executor, query};

use super::error::DatabaseError;

/// Deletes the rows of `table` that are earlier, by the column `by`, than its `most` latest.
///
/// # Errors
/// When the database fails.
pub async fn keep_latest<'e>(
    executor: impl Executor<'e, Database = Any>,
    table: &'static str,
    by: &'static str,
    most: i64,
) -> Result<(), DatabaseError> {
    let delete = format!(
        "DELETE FROM {table} WHERE {by} <
            (SELECT {by} FROM {table} ORDER BY {by} DESC LIMIT 1 OFFSET $1)"
    );
    // Both names are the program's own.
    query(AssertSqlSafe(delete)).bind(most).execute(executor).await.map(drop)
}
