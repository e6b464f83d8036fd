//! How an account, a card or an authorisation stands, read in one transaction with what is decided.

use domain::{
    Money, Timestamp,
    wire::{Decline, LinkedTo},
};
use server_kit::{Connection, DatabaseError, currency, damaged};
use sqlx::{FromRow, query_as, query_scalar};

use super::rules::{AUTHORISED_FOR_MS, Authorised, Standing};
use crate::product::Product;

#[derive(FromRow)]
struct HeldRow {
    currency: String,
    blocked: i64,
    booked: i64,
    expires_at: Option<i64>,
    credit_limit: Option<i64>,
}

const ACCOUNT: &str = "SELECT currency, blocked, NULL AS expires_at, NULL AS credit_limit,
    CAST(COALESCE((SELECT SUM(amount) FROM account_booking WHERE account_id = $1), 0) AS BIGINT)
        AS booked
    FROM account WHERE id = $1";
const CARD: &str = "SELECT currency, blocked, expires_at, credit_limit,
    CAST(COALESCE((SELECT SUM(amount) FROM card_booking WHERE card_id = $1), 0) AS BIGINT) AS booked
    FROM card WHERE id = $1";
/// What is reserved on one and neither ended nor over.
const RESERVED: &str = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM reserved
    WHERE held_by = $1 AND held_id = $2 AND at > $3";

/// How an account or card stands at `now`; `None` where there is none.
pub async fn standing(
    change: &mut Connection,
    linked: &LinkedTo,
    now: Timestamp,
) -> Result<Option<Standing>, DatabaseError> {
    let (product, id) = Product::of(linked);
    let statement = match product {
        Product::Account => ACCOUNT,
        Product::Card => CARD,
    };
    let row: Option<HeldRow> = query_as(statement).bind(id).fetch_optional(&mut *change).await?;
    let Some(row) = row else { return Ok(None) };
    let reserved: i64 = query_scalar(RESERVED)
        .bind(product.word())
        .bind(id)
        .bind(now.0.saturating_sub(AUTHORISED_FOR_MS))
        .fetch_one(change)
        .await?;
    let currency = currency(&row.currency)?;
    // What is owed on a card grows with its bookings, what is on an account as well.
    let (free, short) = match row.credit_limit {
        Some(limit) => (limit.saturating_sub(row.booked), Decline::LimitReached),
        None => (row.booked, Decline::InsufficientFunds),
    };
    Ok(Some(Standing {
        left: Money::new(free.saturating_sub(reserved), currency),
        short,
        blocked: row.blocked != 0,
        expires_at: row.expires_at.map(Timestamp),
        booked: row.booked,
    }))
}

#[derive(FromRow)]
struct AuthorisedRow {
    held_by: String,
    held_id: String,
    amount: i64,
    currency: String,
    at: i64,
    captured: Option<i64>,
    voided: i64,
    refunded: i64,
}

const AUTHORISED: &str = "SELECT a.held_by, a.held_id, a.amount, a.currency, a.at,
    (SELECT e.amount FROM instruction e WHERE e.of_id = a.id AND e.declined IS NULL
        AND e.action = 'capture') AS captured,
    (SELECT COUNT(*) FROM instruction e WHERE e.of_id = a.id AND e.declined IS NULL
        AND e.action = 'void') AS voided,
    CAST(COALESCE((SELECT SUM(e.amount) FROM instruction e WHERE e.of_id = a.id
        AND e.declined IS NULL AND e.action = 'refund'), 0) AS BIGINT) AS refunded
    FROM instruction a WHERE a.id = $1 AND a.action = 'authorise' AND a.declined IS NULL";

/// The granted authorisation with this id, and what it is on.
pub async fn authorised(
    change: &mut Connection,
    id: &str,
) -> Result<Option<(Authorised, LinkedTo)>, DatabaseError> {
    let row: Option<AuthorisedRow> = query_as(AUTHORISED).bind(id).fetch_optional(change).await?;
    let Some(row) = row else { return Ok(None) };
    let currency = currency(&row.currency)?;
    let product = Product::from_word(&row.held_by).ok_or_else(|| damaged("held_by"))?;
    let authorised = Authorised {
        amount: Money::new(row.amount, currency),
        at: Timestamp(row.at),
        captured: row.captured,
        voided: row.voided != 0,
        refunded: row.refunded,
    };
    Ok(Some((authorised, product.linked_to(row.held_id))))
}
