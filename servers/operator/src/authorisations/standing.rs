//! How an account, a card or an authorisation stands, asked in the transaction in which something is
//! decided.

use domain::{
    Money, Timestamp,
    wire::{Decline, LinkedTo},
};
use server_kit::{Answers, DatabaseError, Statement, currency, damaged};
use sqlx::FromRow;
use uuid::Uuid;

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

/// Asks how an account or card stands at `now`.
pub fn ask_standing(linked: &LinkedTo, now: Timestamp) -> [Statement; 2] {
    let (product, id) = Product::of(linked);
    let held = match product {
        Product::Account => ACCOUNT,
        Product::Card => CARD,
    };
    let reserved = Statement::new(RESERVED)
        .bind(product.word())
        .bind(id)
        .bind(now.0.saturating_sub(AUTHORISED_FOR_MS));
    [Statement::new(held).bind(id), reserved]
}

/// The answer to [`ask_standing`]; `None` where there is no such account or card.
pub fn standing(answers: &mut Answers) -> Result<Option<Standing>, DatabaseError> {
    let (row, reserved) = (answers.row::<HeldRow>()?, answers.row::<(i64,)>()?);
    let (Some(row), Some((reserved,))) = (row, reserved) else { return Ok(None) };
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

/// Asks for the granted authorisation with this id.
pub fn ask_authorised(id: Uuid) -> Statement {
    Statement::new(AUTHORISED).bind(id.to_string())
}

/// The answer to [`ask_authorised`], with what it is on.
pub fn authorised(answers: &mut Answers) -> Result<Option<(Authorised, LinkedTo)>, DatabaseError> {
    let Some(row) = answers.row::<AuthorisedRow>()? else { return Ok(None) };
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
