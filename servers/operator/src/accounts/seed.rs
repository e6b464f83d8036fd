//! Accounts to begin with.

use domain::Currency;
use serde::Deserialize;
use server_kit::{Connection, DatabaseError};
use sqlx::query;

use crate::{
    bookings::{self, SeedBooking},
    product::Product,
};

/// An account of a [`Seed`](crate::Seed).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedAccount {
    /// The operator's own id.
    pub id: String,
    /// Whose it is, as on its statement.
    #[serde(default)]
    pub owner: String,
    /// The name of the account.
    pub name: String,
    /// The last four digits of its number; more are refused.
    pub number_end: String,
    /// The currency of all its bookings.
    pub currency: Currency,
    /// Whether it is blocked.
    #[serde(default)]
    pub blocked: bool,
    /// Deposits (above zero) and withdrawals (below), the oldest first. Their sum is the balance.
    #[serde(default)]
    pub history: Vec<SeedBooking>,
}

/// Puts an account in, or brings it up to date and replaces its history.
pub async fn put(change: &mut Connection, account: &SeedAccount) -> Result<(), DatabaseError> {
    query(
        "INSERT INTO account (id, name, number_end, currency, blocked, owner)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name,
            number_end = excluded.number_end, currency = excluded.currency,
            blocked = excluded.blocked, owner = excluded.owner",
    )
    .bind(&account.id)
    .bind(&account.name)
    .bind(&account.number_end)
    .bind(account.currency.code())
    .bind(i64::from(account.blocked))
    .bind(&account.owner)
    .execute(&mut *change)
    .await?;
    bookings::replace(change, Product::Account, &account.id, &account.history).await
}
