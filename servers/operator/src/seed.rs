use std::path::Path;

use anyhow::{Context, ensure};
use domain::{Currency, MethodKind, Money, Ride, Timestamp, wire::LinkedTo};
use serde::Deserialize;

use crate::links;

/// Letters and digits of a link code: with 36 of them 12 make 62 bits, which nobody guesses.
const MIN_CODE: usize = 12;

/// Accounts and cards to begin with, as the verb `seed` reads them from a JSON file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// The accounts.
    #[serde(default)]
    pub accounts: Vec<SeedAccount>,
    /// The cards.
    #[serde(default)]
    pub cards: Vec<SeedCard>,
    /// Codes with which their holders register them.
    #[serde(default)]
    pub links: Vec<SeedLink>,
}

/// A link code of a [`Seed`].
#[derive(Clone, Debug, Deserialize)]
pub struct SeedLink {
    /// At least 12 letters and digits; blanks, hyphens and case do not matter.
    pub code: String,
    /// The account or card.
    #[serde(flatten)]
    pub to: LinkedTo,
    /// What it is to a member.
    pub kind: MethodKind,
    /// How it can be used at a till.
    pub rides: Vec<Ride>,
}

/// An account of a [`Seed`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedAccount {
    /// The operator's own id.
    pub id: String,
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

/// A card of a [`Seed`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedCard {
    /// The operator's own id.
    pub id: String,
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

/// A booking of a [`Seed`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedBooking {
    /// When.
    pub at: Timestamp,
    /// Minor units in the currency of its account or card.
    pub amount: i64,
    /// What for.
    pub text: String,
}

/// Puts `seed` into the database file, all of it or nothing. An account or card that is already
/// there is brought up to date and its history is replaced.
///
/// # Errors
/// When a number has other than four digits, amounts do not add up in 64 bits, or the database
/// cannot be written.
pub async fn seed(database: &Path, seed: &Seed) -> anyhow::Result<()> {
    let pool = server_frame::open_database(database, &crate::TABLES).await?;
    let mut change = pool.begin().await?;
    for account in &seed.accounts {
        check(&account.id, &account.number_end, &account.history)?;
        sqlx::query(
            "INSERT INTO account (id, name, number_end, currency, blocked)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name,
                number_end = excluded.number_end, currency = excluded.currency,
                blocked = excluded.blocked",
        )
        .bind(&account.id)
        .bind(&account.name)
        .bind(&account.number_end)
        .bind(account.currency.code())
        .bind(account.blocked)
        .execute(&mut *change)
        .await?;
        sqlx::query("DELETE FROM account_booking WHERE account_id = $1")
            .bind(&account.id)
            .execute(&mut *change)
            .await?;
        for booking in &account.history {
            sqlx::query(
                "INSERT INTO account_booking (account_id, at, amount, text)
                 VALUES ($1, $2, $3, $4)",
            )
            .bind(&account.id)
            .bind(booking.at.0)
            .bind(booking.amount)
            .bind(&booking.text)
            .execute(&mut *change)
            .await?;
        }
    }
    for card in &seed.cards {
        check(&card.id, &card.number_end, &card.history)?;
        sqlx::query(
            "INSERT INTO card (id, name, number_end, expires_at, credit_limit, currency, blocked)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name,
                number_end = excluded.number_end, expires_at = excluded.expires_at,
                credit_limit = excluded.credit_limit, currency = excluded.currency,
                blocked = excluded.blocked",
        )
        .bind(&card.id)
        .bind(&card.name)
        .bind(&card.number_end)
        .bind(card.expires_at.0)
        .bind(card.limit.amount)
        .bind(card.limit.currency.code())
        .bind(card.blocked)
        .execute(&mut *change)
        .await?;
        sqlx::query("DELETE FROM card_booking WHERE card_id = $1")
            .bind(&card.id)
            .execute(&mut *change)
            .await?;
        for booking in &card.history {
            sqlx::query(
                "INSERT INTO card_booking (card_id, at, amount, text) VALUES ($1, $2, $3, $4)",
            )
            .bind(&card.id)
            .bind(booking.at.0)
            .bind(booking.amount)
            .bind(&booking.text)
            .execute(&mut *change)
            .await?;
        }
    }
    for link in &seed.links {
        put_link(&mut change, link).await?;
    }
    change.commit().await?;
    pool.close().await;
    Ok(())
}

/// A code that is already there keeps its holder.
async fn put_link(change: &mut sqlx::SqliteConnection, link: &SeedLink) -> anyhow::Result<()> {
    let letters = link.code.chars().filter(char::is_ascii_alphanumeric).count();
    ensure!(letters >= MIN_CODE, "a link code has fewer than {MIN_CODE} letters and digits");
    let (held_by, id) = match &link.to {
        LinkedTo::Account { id } => ("account", id),
        LinkedTo::Card { id } => ("card", id),
    };
    sqlx::query(
        "INSERT INTO link (code_digest, held_by, held_id, kind, rides) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (code_digest) DO UPDATE SET held_by = excluded.held_by,
            held_id = excluded.held_id, kind = excluded.kind, rides = excluded.rides",
    )
    .bind(links::digest(&link.code))
    .bind(held_by)
    .bind(id)
    .bind(serde_json::to_string(&link.kind)?)
    .bind(serde_json::to_string(&link.rides)?)
    .execute(change)
    .await?;
    Ok(())
}

fn check(id: &str, number_end: &str, history: &[SeedBooking]) -> anyhow::Result<()> {
    ensure!(
        number_end.len() == 4 && number_end.bytes().all(|byte| byte.is_ascii_digit()),
        "{id}: number_end is not four digits; full numbers are not kept here"
    );
    // Every order of adding must fit, since the database adds in an order of its own.
    history
        .iter()
        .try_fold(0_i64, |sum, booking| sum.checked_add(booking.amount.checked_abs()?))
        .with_context(|| format!("{id}: the amounts do not fit 64 bits"))?;
    Ok(())
}
