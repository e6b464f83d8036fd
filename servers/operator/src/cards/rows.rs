//! Cards in the database. What is owed on one is the sum of its bookings.

use domain::{Currency, Money, Timestamp, wire::Card};
use server_kit::{Database, DatabaseError, damaged};
use sqlx::query_as;

/// The card with this id.
pub async fn card(database: &Database, id: String) -> Result<Option<Card>, DatabaseError> {
    let row: Option<(String, String, i64, i64, String, i64, i64)> = query_as(
        "SELECT name, number_end, expires_at, credit_limit, currency, blocked,
            CAST(COALESCE((SELECT SUM(amount) FROM card_booking WHERE card_id = $1), 0) AS BIGINT)
         FROM card WHERE id = $1",
    )
    .bind(&id)
    .fetch_optional(database.reads())
    .await?;
    let Some((name, number_end, expires_at, limit, code, blocked, used)) = row else {
        return Ok(None);
    };
    let currency = Currency::from_code(&code).ok_or_else(|| damaged("currency"))?;
    Ok(Some(Card {
        id,
        name,
        number_end,
        expires_at: Timestamp(expires_at),
        limit: Money::new(limit, currency),
        used: Money::new(used, currency),
        blocked: blocked != 0,
    }))
}
