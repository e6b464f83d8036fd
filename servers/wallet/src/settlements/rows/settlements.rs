//! Settlements in the database: begun once, approved once, ended once.

use domain::{
    Channel, MethodId, Money, StoreId, Timestamp,
    wire::{APPROVAL_LASTS_MS, ChargeState, Settlement, SettlementFailure, SettlementState},
};
use server_kit::{
    Behind, Change, Connection, Database, DatabaseError, Statement, currency, damaged, from_word,
    word,
};
use sqlx::{Any, AssertSqlSafe, Executor, FromRow, query, query_as, query_scalar};
use uuid::Uuid;

use super::charges::{self, Asked, StoredCharge};
use crate::{settlements::rules::is_too_late, transfer_ids::is_used};

/// A day, ms.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What a request for a settlement led to.
pub enum Begun {
    /// It was written down now.
    Now(Settlement),
    /// It was written down before.
    Before(Settlement),
    /// The id was used for something else, or by somebody else.
    OtherContent,
    /// No terminal asks for this, or not any more.
    NoCharge,
    /// Somebody else pays it, or has.
    Taken,
}

/// What a member wants to pay.
pub struct Wanted<'a> {
    /// The phone's id.
    pub id: Uuid,
    /// Who pays.
    pub member_id: &'a str,
    /// With what.
    pub method: &'a MethodId,
    /// How it is done at the till.
    pub channel: Channel,
    /// The digest of the device that alone may approve it; `None` for any of the member's.
    pub device: Option<&'a str>,
}

#[derive(FromRow)]
pub(super) struct SettlementRow {
    id: String,
    store_id: String,
    store_name: String,
    pub(super) member_id: String,
    method_id: String,
    channel: String,
    amount: i64,
    currency: String,
    at: i64,
    state: String,
    reason: Option<String>,
    refunded: i64,
}

pub(super) const SETTLEMENT: &str =
    "SELECT s.id, s.store_id, COALESCE(t.name, '') AS store_name, s.member_id,
        s.method_id, s.channel, s.amount, s.currency, s.at, s.state, s.reason,
        s.operator, s.held_by, s.held_id, s.given_up,
        CAST(COALESCE((SELECT SUM(r.amount) FROM settlement_refund r
            WHERE r.settlement_id = s.id AND r.state = 'done'), 0) AS BIGINT) AS refunded
    FROM settlement s LEFT JOIN store t ON t.id = s.store_id";

impl SettlementRow {
    pub fn settlement(self, now: Timestamp) -> Result<Settlement, DatabaseError> {
        let currency = currency(&self.currency)?;
        let (at, state) = (Timestamp(self.at), from_word(&self.state, "state")?);
        let is_given_up = state == SettlementState::ToApprove && is_too_late(at, now);
        let store = self.store_id.parse().map_err(|_| damaged("store_id"))?;
        let reason = self.reason.as_deref().map(|word| from_word(word, "reason"));
        Ok(Settlement {
            id: self.id.parse().map_err(|_| damaged("id"))?,
            store: StoreId(store),
            store_name: self.store_name,
            method: MethodId(self.method_id),
            channel: from_word(&self.channel, "channel")?,
            amount: Money::new(self.amount, currency),
            state: if is_given_up { SettlementState::Void } else { state },
            reason: reason.transpose()?,
            refunded: Money::new(self.refunded, currency),
            at,
        })
    }
}

async fn by_id<'c>(
    on: impl Executor<'c, Database = Any>,
    id: Uuid,
) -> Result<Option<SettlementRow>, DatabaseError> {
    let by_id = format!("{SETTLEMENT} WHERE s.id = $1");
    query_as(AssertSqlSafe(by_id)).bind(id.to_string()).fetch_optional(on).await
}

/// The settlement with this id, and whose it is.
pub async fn of_id(
    database: &Database,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<(Settlement, String)>, DatabaseError> {
    let row = by_id(database.reads(), id).await?;
    let read = |row: SettlementRow| {
        let member_id = row.member_id.clone();
        Ok((row.settlement(now)?, member_id))
    };
    row.map(read).transpose()
}

/// The settlement with this id, if it is the member's.
pub async fn of_member(
    database: &Database,
    member_id: &str,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<Settlement>, DatabaseError> {
    let known = of_id(database, id, now).await?;
    Ok(known.filter(|(_, whose)| whose == member_id).map(|(settlement, _)| settlement))
}

/// Writes down at `now` that a member begins to pay the charge of a code's `nonce`, unless it was
/// before.
pub async fn begin(
    database: &Database,
    wanted: &Wanted<'_>,
    nonce: &str,
    now: Timestamp,
) -> Result<Begun, DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            let begun = begin_in(&mut change, wanted, nonce, now).await?;
            change.keep(begun)
        })
        .await
}

async fn begin_in(
    change: &mut Connection,
    wanted: &Wanted<'_>,
    nonce: &str,
    now: Timestamp,
) -> Result<Begun, DatabaseError> {
    let charge = charges::by_nonce(change, nonce, now).await?;
    if let Some(row) = by_id(&mut *change, wanted.id).await? {
        let paid: String = query_scalar("SELECT charge_id FROM settlement WHERE id = $1")
            .bind(wanted.id.to_string())
            .fetch_one(change)
            .await?;
        let is_same = row.member_id == wanted.member_id
            && row.method_id == wanted.method.0
            && charge.is_some_and(|charge| charge.charge.id.to_string() == paid);
        return Ok(if is_same { Begun::Before(row.settlement(now)?) } else { Begun::OtherContent });
    }
    if is_used(change, wanted.id).await? {
        return Ok(Begun::OtherContent);
    }
    let Some(charge) = charge else { return Ok(Begun::NoCharge) };
    match charge.charge.state {
        ChargeState::Open => {}
        ChargeState::Ended => return Ok(Begun::NoCharge),
        ChargeState::Paying | ChargeState::Paid => return Ok(Begun::Taken),
    }
    query(
        "UPDATE settlement SET state = 'void'
         WHERE charge_id = $1 AND state = 'to_approve' AND at <= $2",
    )
    .bind(charge.charge.id.to_string())
    .bind(now.0.saturating_sub(APPROVAL_LASTS_MS))
    .execute(&mut *change)
    .await?;
    put(change, wanted, &charge, now).await.map(Begun::Now)
}

/// Writes down at `now` that a member begins to pay `amount` to a store whose own code names none, unless it
/// was before. The charge that it pays has its id, and nobody else's terminal asked for it.
pub async fn begin_asked(
    database: &Database,
    wanted: &Wanted<'_>,
    (store, amount): (StoreId, Money),
    now: Timestamp,
) -> Result<Begun, DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            let begun = asked_in(&mut change, wanted, (store, amount), now).await?;
            change.keep(begun)
        })
        .await
}

async fn asked_in(
    change: &mut Connection,
    wanted: &Wanted<'_>,
    (store, amount): (StoreId, Money),
    now: Timestamp,
) -> Result<Begun, DatabaseError> {
    let asked = charges::Wanted { id: wanted.id, store, amount, cashier: None, token_digest: None };
    let before = by_id(&mut *change, wanted.id).await?;
    match (charges::before(change, &asked, now).await?, before) {
        (None, None) if !is_used(change, wanted.id).await? => {
            let charge = charges::put(change, &asked, 0, now).await?;
            put(change, wanted, &StoredCharge { charge, store }, now).await.map(Begun::Now)
        }
        (Some(Asked::Before(_)), Some(row))
            if row.member_id == wanted.member_id && row.method_id == wanted.method.0 =>
        {
            Ok(Begun::Before(row.settlement(now)?))
        }
        _ => Ok(Begun::OtherContent),
    }
}

/// Writes a settlement of `charge` down that the member is to agree to.
pub async fn put(
    change: &mut Connection,
    wanted: &Wanted<'_>,
    charge: &StoredCharge,
    now: Timestamp,
) -> Result<Settlement, DatabaseError> {
    let amount = charge.charge.amount;
    query(
        "INSERT INTO settlement (id, charge_id, store_id, member_id, method_id, channel, amount,
            currency, at, state, device_digest)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'to_approve', $10)",
    )
    .bind(wanted.id.to_string())
    .bind(charge.charge.id.to_string())
    .bind(charge.store.to_string())
    .bind(wanted.member_id)
    .bind(&wanted.method.0)
    .bind(word(wanted.channel)?)
    .bind(amount.amount)
    .bind(amount.currency.code())
    .bind(now.0)
    .bind(wanted.device)
    .execute(&mut *change)
    .await?;
    by_id(change, wanted.id).await?.ok_or(DatabaseError::RowNotFound)?.settlement(now)
}

/// The digest of the device that showed the code of a settlement.
pub async fn device_of(database: &Database, id: Uuid) -> Result<Option<String>, DatabaseError> {
    query_scalar("SELECT device_digest FROM settlement WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(database.reads())
        .await
}

/// The member agreed at `now`, to be paid by what the method is at that moment. It changes nothing when it
/// was not to be approved any more.
pub fn approve(id: Uuid, now: Timestamp) -> Statement {
    let approve = "UPDATE settlement SET state = 'pending', (operator, held_by, held_id) =
            (SELECT operator, held_by, held_id FROM method
             WHERE member_id = settlement.member_id AND id = settlement.method_id)
         WHERE id = $1 AND state = 'to_approve' AND at > $2";
    Statement::new(approve).bind(id.to_string()).bind(now.0.saturating_sub(APPROVAL_LASTS_MS))
}

/// Approves at `now` what is to be charged of a code that the member's unlocked phone showed, where that is within
/// what the member allows; whether it is.
pub async fn approve_unlocked(
    database: &Database,
    id: Uuid,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let approved = query(
        "UPDATE settlement SET state = 'pending', unlocked = 1, (operator, held_by, held_id) =
            (SELECT operator, held_by, held_id FROM method
             WHERE member_id = settlement.member_id AND id = settlement.method_id)
         WHERE id = $1 AND state = 'to_approve' AND channel IN ('code', 'contactless')
            AND EXISTS (SELECT 1 FROM unlock_limit allowed
                WHERE allowed.member_id = settlement.member_id
                    AND allowed.currency = settlement.currency
                    AND allowed.amount >= settlement.amount
                    AND allowed.a_day > (SELECT COUNT(*) FROM settlement before
                        WHERE before.member_id = settlement.member_id
                            AND before.unlocked = 1 AND before.at > $2))",
    )
    .bind(id.to_string())
    .bind(now.0.saturating_sub(DAY_MS))
    .execute(database.reads())
    .await?;
    Ok(approved.rows_affected() > 0)
}

/// The member does not want to pay after all. It has no effect once it is approved.
pub async fn give_up(database: &Database, id: Uuid) -> Result<(), DatabaseError> {
    query("UPDATE settlement SET state = 'void' WHERE id = $1 AND state = 'to_approve'")
        .bind(id.to_string())
        .execute(database.reads())
        .await?;
    Ok(())
}

/// It cannot be paid, for this reason, which the member need not be asked about.
pub async fn fail(
    database: &Database,
    id: Uuid,
    reason: SettlementFailure,
) -> Result<(), DatabaseError> {
    query(
        "UPDATE settlement SET state = 'failed', reason = $1
         WHERE id = $2 AND state = 'to_approve'",
    )
    .bind(word(reason)?)
    .bind(id.to_string())
    .execute(database.reads())
    .await?;
    Ok(())
}

/// All that were approved and have not ended.
pub async fn pending(database: &Database) -> Result<Vec<Uuid>, DatabaseError> {
    let ids: Vec<String> = query_scalar("SELECT id FROM settlement WHERE state = 'pending'")
        .fetch_all(database.reads())
        .await?;
    ids.iter().map(|id| id.parse().map_err(|_| damaged("id"))).collect()
}

/// At most `limit` settlements of a member, the newest first, those behind `after` where that is
/// given; and where the next page begins, if there is more.
pub async fn page(
    database: &Database,
    member_id: &str,
    after: Option<Behind>,
    limit: usize,
    now: Timestamp,
) -> Result<(Vec<Settlement>, Option<Behind>), DatabaseError> {
    let (at, id) = after.unwrap_or((Timestamp(i64::MAX), Uuid::max()));
    let statement = format!(
        "{SETTLEMENT} WHERE s.member_id = $1 AND (s.at < $2 OR (s.at = $2 AND s.id < $3))
         ORDER BY s.at DESC, s.id DESC LIMIT $4"
    );
    let mut rows: Vec<SettlementRow> = query_as(AssertSqlSafe(statement))
        .bind(member_id)
        .bind(at.0)
        .bind(id.to_string())
        .bind(i64::try_from(limit + 1).unwrap_or(i64::MAX))
        .fetch_all(database.reads())
        .await?;
    let is_more = rows.len() > limit;
    rows.truncate(limit);
    let shown = rows.into_iter().map(|row| row.settlement(now));
    let settlements: Vec<Settlement> = shown.collect::<Result<_, _>>()?;
    let next = settlements.last().filter(|_| is_more).map(|last| (last.at, last.id));
    Ok((settlements, next))
}
