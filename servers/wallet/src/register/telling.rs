//! That the register has changed.

use server_kit::{Clock, Connection, DatabaseError};
use sqlx::query;

/// Tells running servers to look at the register again. Phones refuse a revision smaller than one
/// they have seen; it follows the clock, so that the first change after a backup was put back is
/// larger than all before.
///
/// # Errors
/// When the database cannot be written.
pub async fn tell(change: &mut Connection) -> Result<(), DatabaseError> {
    query("UPDATE register_revision SET revision = CASE WHEN revision < $1 THEN $1 ELSE revision + 1 END")
        .bind(Clock::system().now().0)
        .execute(change)
        .await?;
    Ok(())
}
