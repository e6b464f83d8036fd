//! Cards in the database. What is owed on one is the sum of its bookings.

use domain::{Money, Timestamp, wire::Card};
use server_kit::{Database, DatabaseError, currency};
use sqlx::{FromRow, query_as};

#[derive(FromRow)]
struct CardRow {
    owner: String,
    name: String,
    number_end: String,
    expires_at: i64,
    credit_limit: i64,
    currency: String,
    blocked: i64,
    used: i64,
}

const BY_ID: &str = "SELECT owner, name, number_end, expires_at, credit_limit, currency, blocked,
    CAST(COALESCE((SELECT SUM(amount) FROM card_booking WHERE card_id = $1), 0) AS BIGINT) AS used
    FROM card WHERE id = $1";

/// The card with this id.
pub async fn card(database: &Database, id: String) -> Result<Option<Card>, DatabaseError> {
    let row: Option<CardRow> = query_as(BY_ID).bind(&id).fetch_optional(database.reads()).await?;
    let Some(row) = row else { return Ok(None) };
    let currency = currency(&row.currency)?;
    Ok(Some(Card {
        id,
        owner: row.owner,
        name: row.name,
        number_end: row.number_end,
        expires_at: Timestamp(row.expires_at),
        limit: Money::new(row.credit_limit, currency),
        used: Money::new(row.used, currency),
        blocked: row.blocked != 0,
    }))
}
