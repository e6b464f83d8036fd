//! What the ledger booked for one transfer.

use serde::Serialize;
use server_kit::{Database, DatabaseError, currency};
use sqlx::query_as;
use uuid::Uuid;

/// One half of what was booked: `debit` or `credit` is zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Booked {
    /// The account, as `ledger::Account` writes it.
    pub account: String,
    /// What was taken from it, minor units.
    pub debit: i64,
    /// What was given to it, minor units.
    pub credit: i64,
    /// ISO 4217.
    pub currency: String,
}

/// The entries by which money moved for the transfer `id`, in the order they were made. What was only
/// reserved is not among them.
///
/// # Errors
/// When the database cannot be read.
pub async fn booked(database: &Database, id: Uuid) -> Result<Vec<Booked>, DatabaseError> {
    let rows: Vec<(String, i64, i64)> = query_as(
        "SELECT a.name, e.side, e.posted FROM ledger_entry e
         JOIN ledger_account a ON a.id = e.account
         JOIN ledger_transfer t ON t.id = e.transfer_id
         WHERE (t.id = $1 OR t.of_id = $1) AND e.posted > 0 ORDER BY t.at, t.id, e.side",
    )
    .bind(id.to_string())
    .fetch_all(database.reads())
    .await?;
    let read = |(account, side, posted): (String, i64, i64)| {
        let code = account.rsplit(':').next().unwrap_or_default();
        let currency = currency(code)?.code().to_owned();
        let (debit, credit) = if side == 1 { (posted, 0) } else { (0, posted) };
        Ok(Booked { account, debit, credit, currency })
    };
    rows.into_iter().map(read).collect()
}
