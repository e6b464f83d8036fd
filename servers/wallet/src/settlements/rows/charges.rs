//! Charges in the database, and the codes that were shown for them.

use domain::{
    Money, StoreId, Timestamp,
    wire::{Charge, SettlementState},
};
use server_kit::{Change, Connection, Database, DatabaseError, currency, damaged, from_word};
use sqlx::{Any, AssertSqlSafe, Executor, FromRow, query, query_as, query_scalar};
use uuid::Uuid;

use crate::settlements::rules::{CHARGE_LASTS_MS, charge_state, is_too_late};

/// A charge with whose it is.
pub struct StoredCharge {
    /// As the terminal sees it.
    pub charge: Charge,
    /// The store that charges.
    pub store: StoreId,
}

/// What a terminal wants to be paid.
pub struct Wanted<'a> {
    /// The terminal's id.
    pub id: Uuid,
    /// The store that charges.
    pub store: StoreId,
    /// How much.
    pub amount: Money,
    /// Who sits at the till.
    pub cashier: Option<&'a str>,
    /// By what the token is found that is charged; `None` where the member scans.
    pub token_digest: Option<&'a str>,
}

/// What a request for a charge led to.
pub enum Asked {
    /// It was written down now.
    Now(Charge),
    /// It was written down before.
    Before(Charge),
    /// The id was used for something else, or by another store.
    OtherContent,
}

#[derive(FromRow)]
struct ChargeRow {
    id: String,
    store_id: String,
    amount: i64,
    currency: String,
    at: i64,
    ends_at: i64,
    settlement_id: Option<String>,
    settlement_state: Option<String>,
    settlement_at: Option<i64>,
    refunded: i64,
}

/// A charge beside the settlement that pays it: at most one, the rows of failed ones are left out.
const CHARGE: &str = "SELECT c.id, c.store_id, c.amount, c.currency, c.at, c.ends_at,
        s.id AS settlement_id, s.state AS settlement_state, s.at AS settlement_at,
        CAST(COALESCE((SELECT SUM(r.amount) FROM settlement_refund r
            WHERE r.settlement_id = s.id AND r.state = 'done'), 0) AS BIGINT) AS refunded
    FROM charge c LEFT JOIN settlement s ON s.charge_id = c.id
        AND s.state IN ('to_approve', 'pending', 'captured')";

impl ChargeRow {
    fn charge(self, now: Timestamp) -> Result<StoredCharge, DatabaseError> {
        let currency = currency(&self.currency)?;
        let state: Option<SettlementState> =
            self.settlement_state.map(|word| from_word(&word, "state")).transpose()?;
        // Nobody agreed in time: another may pay it.
        let begun = self.settlement_at.map_or(now, Timestamp);
        let is_given_up = state == Some(SettlementState::ToApprove) && is_too_late(begun, now);
        let state = state.filter(|_| !is_given_up);
        let settlement = self.settlement_id.filter(|_| state.is_some());
        let ends_at = Timestamp(self.ends_at);
        let charge = Charge {
            id: self.id.parse().map_err(|_| damaged("id"))?,
            amount: Money::new(self.amount, currency),
            state: charge_state(state, ends_at, now),
            settlement: settlement.map(|id| id.parse().map_err(|_| damaged("id"))).transpose()?,
            refunded: Money::new(self.refunded, currency),
            at: Timestamp(self.at),
            ends_at,
        };
        let store = self.store_id.parse().map_err(|_| damaged("store_id"))?;
        Ok(StoredCharge { charge, store: StoreId(store) })
    }
}

/// The charge with this id.
pub async fn by_id<'c>(
    on: impl Executor<'c, Database = Any>,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<StoredCharge>, DatabaseError> {
    let by_id = format!("{CHARGE} WHERE c.id = $1");
    let row: Option<ChargeRow> =
        query_as(AssertSqlSafe(by_id)).bind(id.to_string()).fetch_optional(on).await?;
    row.map(|row| row.charge(now)).transpose()
}

/// The charge for which the code with this nonce was shown.
pub async fn by_nonce(
    change: &mut Connection,
    nonce: &str,
    now: Timestamp,
) -> Result<Option<StoredCharge>, DatabaseError> {
    let by_nonce =
        format!("{CHARGE} WHERE c.id = (SELECT charge_id FROM charge_code WHERE nonce = $1)");
    let row: Option<ChargeRow> =
        query_as(AssertSqlSafe(by_nonce)).bind(nonce).fetch_optional(change).await?;
    row.map(|row| row.charge(now)).transpose()
}

/// Writes down what a terminal asks for at `now`, unless it was before.
pub async fn begin(
    database: &Database,
    wanted: &Wanted<'_>,
    now: Timestamp,
) -> Result<Asked, DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            let asked = match before(&mut change, wanted, now).await? {
                Some(asked) => asked,
                None => Asked::Now(put(&mut change, wanted, CHARGE_LASTS_MS, now).await?),
            };
            change.keep(asked)
        })
        .await
}

/// What the id of `wanted` was used for before.
pub async fn before(
    change: &mut Connection,
    wanted: &Wanted<'_>,
    now: Timestamp,
) -> Result<Option<Asked>, DatabaseError> {
    let Some(before) = by_id(&mut *change, wanted.id, now).await? else { return Ok(None) };
    let token: Option<String> = query_scalar("SELECT token_digest FROM charge WHERE id = $1")
        .bind(wanted.id.to_string())
        .fetch_one(change)
        .await?;
    let is_same = before.store == wanted.store
        && before.charge.amount == wanted.amount
        && token.as_deref() == wanted.token_digest;
    Ok(Some(if is_same { Asked::Before(before.charge) } else { Asked::OtherContent }))
}

/// Writes a charge down that is open for `lasts_ms`.
pub async fn put(
    change: &mut Connection,
    wanted: &Wanted<'_>,
    lasts_ms: i64,
    now: Timestamp,
) -> Result<Charge, DatabaseError> {
    query(
        "INSERT INTO charge (id, store_id, amount, currency, cashier, at, ends_at, token_digest)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(wanted.id.to_string())
    .bind(wanted.store.to_string())
    .bind(wanted.amount.amount)
    .bind(wanted.amount.currency.code())
    .bind(wanted.cashier)
    .bind(now.0)
    .bind(now.0.saturating_add(lasts_ms))
    .bind(wanted.token_digest)
    .execute(&mut *change)
    .await?;
    let begun = by_id(change, wanted.id, now).await?;
    Ok(begun.ok_or(DatabaseError::RowNotFound)?.charge)
}

/// Keeps the nonce of a code that is shown for a charge.
pub async fn put_nonce(
    database: &Database,
    charge: Uuid,
    nonce: &str,
) -> Result<(), DatabaseError> {
    query("INSERT INTO charge_code (nonce, charge_id) VALUES ($1, $2)")
        .bind(nonce)
        .bind(charge.to_string())
        .execute(database.reads())
        .await?;
    Ok(())
}

/// Takes a charge back, unless somebody has begun to pay it; and what it is now.
pub async fn end(
    database: &Database,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<StoredCharge>, DatabaseError> {
    query(
        "UPDATE charge SET ends_at = $1 WHERE id = $2 AND ends_at > $1 AND NOT EXISTS
            (SELECT 1 FROM settlement WHERE charge_id = charge.id
             AND state IN ('to_approve', 'pending', 'captured'))",
    )
    .bind(now.0)
    .bind(id.to_string())
    .execute(database.reads())
    .await?;
    by_id(database.reads(), id, now).await
}
