//! Deposits in the database: begun once, ended once, and the first answer kept.

use domain::{
    Currency, Method, MethodId, Money, Timestamp,
    wire::{Deposit, DepositFailure, DepositRequest, DepositState, LinkedTo},
};
use ledger::{OperatorName, Owner};
use server_kit::{
    Behind, Change, Connection, DAY_MS, Database, DatabaseError, currency, damaged, from_json,
    from_word, json, word,
};
use sqlx::{Any, AssertSqlSafe, Executor, FromRow, query, query_as, query_scalar};
use uuid::Uuid;

use super::rules::is_within;
use crate::{
    operators::Debit,
    transfer_ids::is_used,
    wallets::{Hold, clearing},
};

/// What a request for a deposit led to.
#[derive(Clone)]
pub enum Begun {
    /// It was written down now.
    Now(Deposit),
    /// It was written down before; with what was answered first, if it was answered.
    Before(Deposit, Option<Deposit>),
    /// The id was used for something else, or by somebody else.
    OtherContent,
    /// The member has no such account or card.
    NoSuchMethod,
    /// The member has no wallet of this currency.
    NoWallet,
}

/// A deposit with what only its pursuit needs.
pub struct Pursued {
    /// As the member sees it.
    pub deposit: Deposit,
    /// What its operator is to do.
    pub debit: Debit,
    /// What the ledger reserves for it.
    pub hold: Hold,
    /// Whose it is.
    pub member_id: String,
}

#[derive(FromRow)]
struct DepositRow {
    id: String,
    member_id: String,
    operator: String,
    method_id: String,
    held_by: String,
    held_id: String,
    wallet_id: String,
    wallet_owner: String,
    amount: i64,
    currency: String,
    at: i64,
    state: String,
    reason: Option<String>,
    answer: Option<String>,
}

const COLUMNS: &str = "id, member_id, operator, method_id, held_by, held_id, wallet_id,
    wallet_owner, amount, currency, at, state, reason, answer";

const OF_MEMBER: &str =
    "SELECT id, member_id, operator, method_id, held_by, held_id, wallet_id, wallet_owner,
    amount, currency, at, state, reason, answer FROM deposit WHERE member_id = $1 ORDER BY at, id";

async fn by_id<'c>(
    on: impl Executor<'c, Database = Any>,
    id: Uuid,
) -> Result<Option<DepositRow>, DatabaseError> {
    let by_id = format!("SELECT {COLUMNS} FROM deposit WHERE id = $1");
    query_as(AssertSqlSafe(by_id)).bind(id.to_string()).fetch_optional(on).await
}

impl DepositRow {
    fn deposit(&self) -> Result<Deposit, DatabaseError> {
        Ok(Deposit {
            id: self.id.parse().map_err(|_| damaged("id"))?,
            from: MethodId(self.method_id.clone()),
            to: MethodId(self.wallet_id.clone()),
            amount: Money::new(self.amount, currency(&self.currency)?),
            state: from_word(&self.state, "state")?,
            reason: self.reason.as_deref().map(|word| from_word(word, "reason")).transpose()?,
            at: Timestamp(self.at),
        })
    }

    fn pursued(self) -> Result<Pursued, DatabaseError> {
        let deposit = self.deposit()?;
        let from = match self.held_by.as_str() {
            "account" => LinkedTo::Account { id: self.held_id },
            _ => LinkedTo::Card { id: self.held_id },
        };
        let wallet = self.wallet_owner.parse().map_err(|_| damaged("wallet_owner"))?;
        let operator = OperatorName::new(&self.operator).map_err(|_| damaged("operator"))?;
        let (id, amount) = (deposit.id, deposit.amount);
        let hold =
            Hold { id, debit: clearing(&operator, id), credit: Owner::Member(wallet), amount };
        let debit = Debit { id, operator, from, amount };
        Ok(Pursued { deposit, debit, hold, member_id: self.member_id })
    }
}

/// Writes down what a member asks for at `now`, unless it was before. Beyond `a_day` within 24 hours, or
/// from what the member blocked, it is written down as failed, so that the id never succeeds later.
pub async fn begin(
    database: &Database,
    member_id: &str,
    id: Uuid,
    asked: &DepositRequest,
    a_day: i64,
    now: Timestamp,
) -> Result<Begun, DatabaseError> {
    database
        .transaction(|mut change: Change| async move {
            let begun = match before(&mut change, member_id, id, asked).await? {
                Some(before) => before,
                None if is_used(&mut change, id).await? => Begun::OtherContent,
                None => begin_now(&mut change, member_id, id, asked, a_day, now).await?,
            };
            change.keep(begun)
        })
        .await
}

async fn before(
    change: &mut Connection,
    member_id: &str,
    id: Uuid,
    asked: &DepositRequest,
) -> Result<Option<Begun>, DatabaseError> {
    let Some(row) = by_id(change, id).await? else { return Ok(None) };
    let deposit = row.deposit()?;
    // Which source is meant without a name may have changed since.
    let is_same_source = asked.from.as_ref().is_none_or(|from| *from == deposit.from);
    if row.member_id != member_id || !is_same_source || deposit.amount != asked.amount {
        return Ok(Some(Begun::OtherContent));
    }
    let answer = row.answer.as_deref().map(|text| from_json(text, "answer")).transpose()?;
    Ok(Some(Begun::Before(deposit, answer)))
}

async fn begin_now(
    change: &mut Connection,
    member_id: &str,
    id: Uuid,
    asked: &DepositRequest,
    a_day: i64,
    now: Timestamp,
) -> Result<Begun, DatabaseError> {
    let Some(source) = source(change, member_id, asked.from.as_ref()).await? else {
        return Ok(Begun::NoSuchMethod);
    };
    let method: Method = from_json(&source.definition, "definition")?;
    let Some((wallet_id, owner)) = wallet(change, member_id, asked.amount.currency).await? else {
        return Ok(Begun::NoWallet);
    };
    let before = within_a_day(change, member_id, asked.amount.currency, now).await?;
    let failure = if method.blocked {
        Some(DepositFailure::Blocked)
    } else {
        let fits = is_within(a_day, before, asked.amount.amount);
        (!fits).then_some(DepositFailure::DayLimit)
    };
    let deposit = Deposit {
        id,
        from: method.id,
        to: MethodId(wallet_id),
        amount: asked.amount,
        state: failure.map_or(DepositState::Pending, |_| DepositState::Failed),
        reason: failure,
        at: now,
    };
    put(change, member_id, &deposit, &source, &owner).await?;
    Ok(Begun::Now(deposit))
}

#[derive(FromRow)]
struct Source {
    operator: String,
    held_by: String,
    held_id: String,
    definition: String,
}

/// The member's account or card of this id; without one the member's choice, else the first.
async fn source(
    change: &mut Connection,
    member_id: &str,
    id: Option<&MethodId>,
) -> Result<Option<Source>, DatabaseError> {
    query_as(
        "SELECT operator, held_by, held_id, definition FROM method
         WHERE member_id = $1 AND ($2 = 1 OR id = $3) AND held_by IN ('account', 'card')
         ORDER BY deposit_source DESC, place, id LIMIT 1",
    )
    .bind(member_id)
    .bind(i64::from(id.is_none()))
    .bind(id.map_or("", |id| &id.0))
    .fetch_optional(change)
    .await
}

/// The member's first wallet of a currency: the method, and its owner in the ledger.
async fn wallet(
    change: &mut Connection,
    member_id: &str,
    currency: Currency,
) -> Result<Option<(String, String)>, DatabaseError> {
    query_as(
        "SELECT id, held_id FROM method WHERE member_id = $1 AND held_by = 'wallet'
            AND held_id <> '' AND currency = $2 ORDER BY place LIMIT 1",
    )
    .bind(member_id)
    .bind(currency.code())
    .fetch_optional(change)
    .await
}

/// What the member put in, or is about to, in the last 24 hours; those that failed do not count.
async fn within_a_day(
    change: &mut Connection,
    member_id: &str,
    currency: Currency,
    now: Timestamp,
) -> Result<i64, DatabaseError> {
    query_scalar(
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM deposit
         WHERE member_id = $1 AND currency = $2 AND at > $3 AND state <> 'failed'",
    )
    .bind(member_id)
    .bind(currency.code())
    .bind(now.0.saturating_sub(DAY_MS))
    .fetch_one(change)
    .await
}

async fn put(
    change: &mut Connection,
    member_id: &str,
    deposit: &Deposit,
    source: &Source,
    owner: &str,
) -> Result<(), DatabaseError> {
    query(
        "INSERT INTO deposit (id, member_id, operator, method_id, held_by, held_id, wallet_id,
            wallet_owner, amount, currency, at, state, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(deposit.id.to_string())
    .bind(member_id)
    .bind(&source.operator)
    .bind(&deposit.from.0)
    .bind(&source.held_by)
    .bind(&source.held_id)
    .bind(&deposit.to.0)
    .bind(owner)
    .bind(deposit.amount.amount)
    .bind(deposit.amount.currency.code())
    .bind(deposit.at.0)
    .bind(word(deposit.state)?)
    .bind(deposit.reason.map(word).transpose()?)
    .execute(change)
    .await?;
    Ok(())
}

/// The deposit with this id, for its pursuit.
pub async fn pursued(database: &Database, id: Uuid) -> Result<Option<Pursued>, DatabaseError> {
    by_id(database.reads(), id).await?.map(DepositRow::pursued).transpose()
}

/// The deposit with this id, if it is the member's.
pub async fn of_member(
    database: &Database,
    member_id: &str,
    id: Uuid,
) -> Result<Option<Deposit>, DatabaseError> {
    let row = by_id(database.reads(), id).await?;
    row.filter(|row| row.member_id == member_id).map(|row| row.deposit()).transpose()
}

/// At most `limit` deposits of a member, the newest first, those behind `after` and in `state` where
/// these are given; and where the next page begins, if there is more.
pub async fn page(
    database: &Database,
    member_id: &str,
    after: Option<Behind>,
    state: Option<DepositState>,
    limit: usize,
) -> Result<(Vec<Deposit>, Option<Behind>), DatabaseError> {
    let (at, id) = after.unwrap_or((Timestamp(i64::MAX), Uuid::max()));
    let statement = format!(
        "SELECT {COLUMNS} FROM deposit
         WHERE member_id = $1 AND (at < $2 OR (at = $2 AND id < $3)) AND ($4 = '' OR state = $4)
         ORDER BY at DESC, id DESC LIMIT $5"
    );
    let rows: Vec<DepositRow> = query_as(AssertSqlSafe(statement))
        .bind(member_id)
        .bind(at.0)
        .bind(id.to_string())
        .bind(state.map(word).transpose()?.unwrap_or_default())
        .bind(i64::try_from(limit + 1).unwrap_or(i64::MAX))
        .fetch_all(database.reads())
        .await?;
    let is_more = rows.len() > limit;
    let shown = rows.iter().take(limit).map(DepositRow::deposit);
    let deposits: Vec<Deposit> = shown.collect::<Result<_, _>>()?;
    let next = deposits.last().filter(|_| is_more).map(|last| (last.at, last.id));
    Ok((deposits, next))
}

/// All that have not ended.
pub async fn pending(database: &Database) -> Result<Vec<Uuid>, DatabaseError> {
    let ids: Vec<String> = query_scalar("SELECT id FROM deposit WHERE state = 'pending'")
        .fetch_all(database.reads())
        .await?;
    ids.iter().map(|id| id.parse().map_err(|_| damaged("id"))).collect()
}

/// The money was taken at `taken_at`, or the deposit failed.
pub async fn end(
    database: &Database,
    id: Uuid,
    ended: Result<Timestamp, DepositFailure>,
) -> Result<(), DatabaseError> {
    let state = if ended.is_ok() { DepositState::Done } else { DepositState::Failed };
    query(
        "UPDATE deposit SET state = $1, reason = $2, taken_at = $3
         WHERE id = $4 AND state = 'pending'",
    )
    .bind(word(state)?)
    .bind(ended.err().map(word).transpose()?)
    .bind(ended.ok().map(|at| at.0))
    .bind(id.to_string())
    .execute(database.reads())
    .await?;
    Ok(())
}

/// Keeps the answer to be given from now on; one that was given before stays, and is what comes back.
pub async fn answer(database: &Database, deposit: Deposit) -> Result<Deposit, DatabaseError> {
    let text = json(&deposit)?;
    let kept: String = query_scalar(
        "UPDATE deposit SET answer = COALESCE(answer, $1) WHERE id = $2 RETURNING answer",
    )
    .bind(text)
    .bind(deposit.id.to_string())
    .fetch_one(database.reads())
    .await?;
    from_json(&kept, "answer")
}

/// All deposits of a member, the oldest first.
pub async fn deposits_of(
    connection: &mut Connection,
    member_id: &str,
) -> Result<Vec<Deposit>, DatabaseError> {
    let rows: Vec<DepositRow> = query_as(OF_MEMBER).bind(member_id).fetch_all(connection).await?;
    rows.iter().map(DepositRow::deposit).collect()
}
