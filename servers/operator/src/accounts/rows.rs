//! Accounts in the database. What is on one is the sum of its bookings.

use domain::{Money, wire::Account};
use server_kit::{Database, DatabaseError, currency};
use sqlx::query_as;

/// The account with this id.
pub async fn account(database: &Database, id: String) -> Result<Option<Account>, DatabaseError> {
    let row: Option<(String, String, String, String, i64, i64)> = query_as(
        "SELECT owner, name, number_end, currency, blocked,
            CAST(COALESCE((SELECT SUM(amount) FROM account_booking WHERE account_id = $1), 0)
                AS BIGINT)
         FROM account WHERE id = $1",
    )
    .bind(&id)
    .fetch_optional(database.reads())
    .await?;
    let Some((owner, name, number_end, code, blocked, balance)) = row else { return Ok(None) };
    let currency = currency(&code)?;
    let balance = Money::new(balance, currency);
    Ok(Some(Account { id, owner, name, number_end, balance, blocked: blocked != 0 }))
}
