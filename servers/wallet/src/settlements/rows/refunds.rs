//! Refunds in the database: begun once, ended once.

use domain::{Money, Timestamp, wire::Refund};
use server_kit::{Change, Connection, Database, DatabaseError, currency, damaged};
use sqlx::{FromRow, query, query_as, query_scalar};
use uuid::Uuid;

use crate::transfer_ids::is_used;

/// What a request for a refund led to.
pub enum Begun {
    /// It was written down, now or before, and has not ended.
    Pending(Refund),
    /// It was made before.
    Done(Refund),
    /// It failed for good.
    Failed,
    /// The id was used for something else.
    OtherContent,
    /// The settlement took nothing.
    NotCaptured,
    /// With the refunds before it, more than was taken.
    TooMuch,
}

#[derive(FromRow)]
struct RefundRow {
    id: String,
    settlement_id: String,
    amount: i64,
    currency: String,
    at: i64,
    state: String,
}

impl RefundRow {
    fn refund(self) -> Result<Refund, DatabaseError> {
        Ok(Refund {
            id: self.id.parse().map_err(|_| damaged("id"))?,
            settlement: self.settlement_id.parse().map_err(|_| damaged("settlement_id"))?,
            amount: Money::new(self.amount, currency(&self.currency)?),
            at: Timestamp(self.at),
        })
    }
}

#[derive(FromRow)]
struct Captured {
    store_id: String,
    amount: i64,
    currency: String,
    given_back: i64,
}

/// Writes down what is to be given back, unless it was before. What is begun counts against what can
/// be given back as if it had been made.
pub async fn begin(
    database: &Database,
    asked: &Refund,
    cashier: Option<&str>,
) -> Result<Begun, DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            let begun = match before(&mut change, asked).await? {
                Some(before) => before,
                None if is_used(&mut change, asked.id).await? => Begun::OtherContent,
                None => begin_now(&mut change, asked, cashier).await?,
            };
            change.keep(begun)
        })
        .await
}

async fn before(change: &mut Connection, asked: &Refund) -> Result<Option<Begun>, DatabaseError> {
    let row: Option<RefundRow> = query_as(
        "SELECT id, settlement_id, amount, currency, at, state FROM settlement_refund
         WHERE id = $1",
    )
    .bind(asked.id.to_string())
    .fetch_optional(change)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let state = row.state.clone();
    let refund = row.refund()?;
    if (refund.settlement, refund.amount) != (asked.settlement, asked.amount) {
        return Ok(Some(Begun::OtherContent));
    }
    Ok(Some(match state.as_str() {
        "done" => Begun::Done(refund),
        "pending" => Begun::Pending(refund),
        _ => Begun::Failed,
    }))
}

async fn begin_now(
    change: &mut Connection,
    asked: &Refund,
    cashier: Option<&str>,
) -> Result<Begun, DatabaseError> {
    let captured: Option<Captured> = query_as(
        "SELECT s.store_id, s.amount, s.currency,
            CAST(COALESCE((SELECT SUM(r.amount) FROM settlement_refund r
                WHERE r.settlement_id = s.id AND r.state <> 'failed'), 0) AS BIGINT) AS given_back
         FROM settlement s WHERE s.id = $1 AND s.state = 'captured'",
    )
    .bind(asked.settlement.to_string())
    .fetch_optional(&mut *change)
    .await?;
    let Some(captured) = captured else { return Ok(Begun::NotCaptured) };
    let sum = captured.given_back.checked_add(asked.amount.amount);
    let fits = captured.currency == asked.amount.currency.code()
        && sum.is_some_and(|sum| sum <= captured.amount);
    if !fits {
        return Ok(Begun::TooMuch);
    }
    query(
        "INSERT INTO settlement_refund (id, settlement_id, store_id, amount, currency, cashier, at,
            state) VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending')",
    )
    .bind(asked.id.to_string())
    .bind(asked.settlement.to_string())
    .bind(captured.store_id)
    .bind(asked.amount.amount)
    .bind(asked.amount.currency.code())
    .bind(cashier)
    .bind(asked.at.0)
    .execute(change)
    .await?;
    Ok(Begun::Pending(asked.clone()))
}

/// It was made, by an operator when that was by its clock; or failed for good.
pub async fn end(
    database: &Database,
    id: Uuid,
    given: Option<Option<Timestamp>>,
) -> Result<(), DatabaseError> {
    query(
        "UPDATE settlement_refund SET state = $1, taken_at = $2
         WHERE id = $3 AND state = 'pending'",
    )
    .bind(if given.is_some() { "done" } else { "failed" })
    .bind(given.flatten().map(|at| at.0))
    .bind(id.to_string())
    .execute(database.reads())
    .await?;
    Ok(())
}

/// The refund with this id, if it was made.
pub async fn made(database: &Database, id: Uuid) -> Result<Option<Refund>, DatabaseError> {
    let row: Option<RefundRow> = query_as(
        "SELECT id, settlement_id, amount, currency, at, state FROM settlement_refund
         WHERE id = $1 AND state = 'done'",
    )
    .bind(id.to_string())
    .fetch_optional(database.reads())
    .await?;
    row.map(RefundRow::refund).transpose()
}

/// Whether the refund with this id was made; `None` while that is not known.
pub async fn is_made(database: &Database, id: Uuid) -> Result<Option<bool>, DatabaseError> {
    let state: String = query_scalar("SELECT state FROM settlement_refund WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(database.reads())
        .await?;
    Ok((state != "pending").then_some(state == "done"))
}

/// All that have not ended.
pub async fn pending(database: &Database) -> Result<Vec<Refund>, DatabaseError> {
    let rows: Vec<RefundRow> = query_as(
        "SELECT id, settlement_id, amount, currency, at, state FROM settlement_refund
         WHERE state = 'pending'",
    )
    .fetch_all(database.reads())
    .await?;
    rows.into_iter().map(RefundRow::refund).collect()
}
