//! Cards to begin with.

use domain::{Money, Timestamp};
use serde::Deserialize;
use server_kit::{Connection, DatabaseError};
use sqlx::query;

use crate::{
    bookings::{self, SeedBooking},
    product::Product,
};

/// A card of a [`Seed`](crate::Seed).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedCard {
    /// The operator's own id.
    pub id: String,
    /// Whose it is, as on its statement.
    #[serde(default)]
    pub owner: String,
    /// The name of the card.
    pub name: String,
    /// The last four digits of its number; more are refused.
    pub number_end: String,
    /// The first instant at which it is no longer valid.
    pub expires_at: Timestamp,
    /// The most that may be owed on it.
    pub limit: Money,
    /// Whether it is blocked.
    #[serde(default)]
    pub blocked: bool,
    /// Uses (above zero) and repayments (below), the oldest first. Their sum is what is owed.
    #[serde(default)]
    pub history: Vec<SeedBooking>,
}

/// Puts a card in, or brings it up to date and replaces its history.
pub async fn put(change: &mut Connection, card: &SeedCard) -> Result<(), DatabaseError> {
    query(
        "INSERT INTO card (id, name, number_end, expires_at, credit_limit, currency, blocked, owner)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name,
            number_end = excluded.number_end, expires_at = excluded.expires_at,
            credit_limit = excluded.credit_limit, currency = excluded.currency,
            blocked = excluded.blocked, owner = excluded.owner",
    )
    .bind(&card.id)
    .bind(&card.name)
    .bind(&card.number_end)
    .bind(card.expires_at.0)
    .bind(card.limit.amount)
    .bind(card.limit.currency.code())
    .bind(i64::from(card.blocked))
    .bind(&card.owner)
    .execute(&mut *change)
    .await?;
    bookings::replace(change, Product::Card, &card.id, &card.history).await
}
