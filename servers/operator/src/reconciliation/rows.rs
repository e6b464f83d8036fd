//! The movements of one day.

use domain::Timestamp;
use server_kit::{Database, DatabaseError};
use sqlx::{FromRow, query_as};

/// An instruction that moved money.
#[derive(FromRow)]
pub struct MovedRow {
    /// Grows with every instruction.
    pub number: i64,
    /// The instruction.
    pub id: String,
    /// The wallet company's own id of what it was for.
    pub reference: String,
    /// Its kind.
    pub action: String,
    /// Above zero.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// When.
    pub at: i64,
}

/// What moved from `from` on and before `until`.
pub async fn moved(
    database: &Database,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<MovedRow>, DatabaseError> {
    query_as(
        "SELECT number, id, reference, action, amount, currency, at FROM instruction
         WHERE at >= $1 AND at < $2 AND declined IS NULL AND amount IS NOT NULL
            AND action IN ('capture', 'refund', 'deposit', 'withdraw') ORDER BY number",
    )
    .bind(from.0)
    .bind(until.0)
    .fetch_all(database.reads())
    .await
}
