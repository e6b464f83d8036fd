//! Accounts in the database. What is on one is the sum of its bookings.

use domain::{
    Currency, Money,
    wire::{Account, History},
};
use server_kit::{Database, DatabaseError, damaged};
use sqlx::query_as;

use crate::history::{BookingRow, PAGE, page};

/// The account with this id.
pub async fn account(database: &Database, id: String) -> Result<Option<Account>, DatabaseError> {
    let row: Option<(String, String, String, i64, i64)> = query_as(
        "SELECT name, number_end, currency, blocked,
            CAST(COALESCE((SELECT SUM(amount) FROM account_booking WHERE account_id = $1), 0)
                AS BIGINT)
         FROM account WHERE id = $1",
    )
    .bind(&id)
    .fetch_optional(database.reads())
    .await?;
    let Some((name, number_end, code, blocked, balance)) = row else { return Ok(None) };
    let currency = Currency::from_code(&code).ok_or_else(|| damaged("currency"))?;
    let balance = Money::new(balance, currency);
    Ok(Some(Account { id, name, number_end, balance, blocked: blocked != 0 }))
}

/// A page of an account's history, from before the booking `before`; `None` for no account.
pub async fn history(
    database: &Database,
    id: &str,
    before: i64,
) -> Result<Option<History>, DatabaseError> {
    let code: Option<(String,)> = query_as("SELECT currency FROM account WHERE id = $1")
        .bind(id)
        .fetch_optional(database.reads())
        .await?;
    let Some((code,)) = code else { return Ok(None) };
    let currency = Currency::from_code(&code).ok_or_else(|| damaged("currency"))?;
    let rows: Vec<BookingRow> = query_as(
        "SELECT id, at, amount, text FROM account_booking
         WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
    )
    .bind(id)
    .bind(before)
    .bind(PAGE)
    .fetch_all(database.reads())
    .await?;
    Ok(Some(page(rows, currency)))
}

/// The name and the end of the number of an account.
pub async fn name(
    database: &Database,
    id: &str,
) -> Result<Option<(String, String)>, DatabaseError> {
    query_as("SELECT name, number_end FROM account WHERE id = $1")
        .bind(id)
        .fetch_optional(database.reads())
        .await
}
