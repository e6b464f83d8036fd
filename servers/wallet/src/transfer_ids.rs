//! One id is one transfer: what is begun as a deposit, a settlement or a refund, or is in the ledger, is
//! begun as nothing else.

use server_kit::{Connection, DatabaseError};
use sqlx::query_scalar;
use uuid::Uuid;

/// Whether some transfer has this id. Who asks writes the row of its own in the same transaction, so that of
/// two who come at once the second is told of the first, before any operator hears of either.
///
/// # Errors
/// When the database fails.
pub async fn is_used(change: &mut Connection, id: Uuid) -> Result<bool, DatabaseError> {
    let used: i64 = query_scalar(
        "SELECT (SELECT COUNT(*) FROM deposit WHERE id = $1)
            + (SELECT COUNT(*) FROM settlement WHERE id = $1)
            + (SELECT COUNT(*) FROM settlement_refund WHERE id = $1)
            + (SELECT COUNT(*) FROM ledger_transfer WHERE id = $1)",
    )
    .bind(id.to_string())
    .fetch_one(change)
    .await?;
    Ok(used > 0)
}
