//! Registered methods in the database.

use domain::{
    Balance, Method, MethodId, Money, Registered, Timestamp,
    wire::{Grant, MethodChange},
};
use server_kit::{
    Answers, Connection, Database, DatabaseError, Statement, currency, damaged, from_json, json,
};
use sqlx::{
    Any, AssertSqlSafe, Executor, FromRow, Row as _, any::AnyRow, query, query_as, query_scalar,
};
use uuid::Uuid;

use super::{
    grant_key::GrantKey,
    method::{Backing, MAX_METHODS, StoredMethod},
    rules::moved,
};
use crate::members::SessionRow;

#[derive(FromRow)]
struct MethodRow {
    definition: String,
    held_by: String,
    held_id: String,
    operator: String,
    times_used: i64,
    balance: Option<i64>,
    currency: Option<String>,
    balance_as_of: Option<i64>,
    grant_sealed: Option<Vec<u8>>,
    deposit_source: i64,
}

/// Asks for the methods, in the member's order, of the member who is `member`: an expression over `$1`,
/// which is `value`.
pub fn ask_of_member(member: &str, value: &str) -> Statement {
    let text = format!("SELECT {METHOD} FROM method WHERE member_id = {member} ORDER BY place, id");
    Statement::new(text).bind(value)
}

/// The answer to [`ask_of_member`], each method with its last known balance.
pub fn of_member(
    answers: &mut Answers,
    key: &GrantKey,
    member_id: &str,
) -> Result<Vec<(StoredMethod, Option<Balance>)>, DatabaseError> {
    answers.rows()?.into_iter().map(|row| read(row, key, member_id)).collect()
}

/// The session with this token's digest, unless it is over, and the methods of its member, as
/// [`of_member`] gives them: one question for what every screen asks.
pub async fn of_session<'e>(
    executor: impl Executor<'e, Database = Any>,
    key: &GrantKey,
    token_digest: &str,
    now: Timestamp,
) -> Result<Option<(SessionRow, Vec<(StoredMethod, Option<Balance>)>)>, DatabaseError> {
    let statement = format!(
        "SELECT member_id, device_digest, key_thumbprint, {METHOD}
         FROM session LEFT JOIN method USING (member_id)
         WHERE token_digest = $1 AND session.expires_at > $2 ORDER BY place, id"
    );
    let rows: Vec<AnyRow> =
        query(AssertSqlSafe(statement)).bind(token_digest).bind(now.0).fetch_all(executor).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let session = SessionRow::from_row(first)?;
    let mut methods = Vec::with_capacity(rows.len());
    for row in &rows {
        // A member without methods has one row without any.
        if row.try_get::<Option<String>, _>("definition")?.is_some() {
            methods.push(read(MethodRow::from_row(row)?, key, &session.0)?);
        }
    }
    Ok(Some((session, methods)))
}

/// The columns of a [`MethodRow`]. What is left in a wallet is read off its last entry in the ledger,
/// without a look at those before; the row's balance is the operator's last word.
const METHOD: &str = "definition, held_by, held_id, operator, times_used,
    CASE WHEN held_by = 'wallet' THEN COALESCE(
        (SELECT credits_posted - debits_posted - debits_pending FROM ledger_entry
         WHERE account = (SELECT id FROM ledger_account
            WHERE name = 'member:' || held_id || ':' || currency)
         ORDER BY number DESC LIMIT 1), 0)
        ELSE balance END AS balance,
    currency, balance_as_of, grant_sealed, deposit_source";

fn read(
    row: MethodRow,
    key: &GrantKey,
    member_id: &str,
) -> Result<(StoredMethod, Option<Balance>), DatabaseError> {
    let last = match (row.balance, row.currency, row.balance_as_of) {
        (Some(amount), Some(code), Some(as_of)) => {
            let currency = currency(&code)?;
            Some(Balance { left: Money::new(amount, currency), as_of: Timestamp(as_of) })
        }
        _ => None,
    };
    // Opens nothing.
    let grant = Grant::new("");
    let backing = match (row.held_by.as_str(), last) {
        ("wallet", Some(balance)) => Backing::Wallet { balance: balance.left },
        ("account", _) => Backing::Account { operator: row.operator, id: row.held_id, grant },
        ("card", _) => Backing::Card { operator: row.operator, id: row.held_id, grant },
        _ => return Err(damaged("held_by")),
    };
    let backing = match row.grant_sealed.map(|sealed| key.unseal(member_id, &backing, &sealed)) {
        Some(Ok(grant)) => backing.with_grant(grant),
        Some(Err(_)) => {
            // Linked anew it works again; the other methods need not wait for that.
            tracing::error!("a grant does not open: was grants.key replaced?");
            backing
        }
        None => backing,
    };
    let method: Method = from_json(&row.definition, "definition")?;
    let times_used = u32::try_from(row.times_used).unwrap_or(u32::MAX);
    let deposit_source = row.deposit_source == 1;
    Ok((StoredMethod { method, backing, times_used, deposit_source }, last))
}

/// The names of all operators at which members have accounts or cards.
pub async fn operators(database: &Database) -> Result<Vec<String>, DatabaseError> {
    query_scalar("SELECT DISTINCT operator FROM method WHERE held_by <> 'wallet' ORDER BY operator")
        .fetch_all(database.reads())
        .await
}

/// Keeps `new` as the last of a member's methods; where one with the same account or card is kept
/// already, that one, opened by the new grant. `None` when there are too many.
pub async fn keep(
    database: &Database,
    key: &GrantKey,
    member_id: &str,
    new: &StoredMethod,
) -> Result<Option<StoredMethod>, DatabaseError> {
    let asked = [ask_of_member("$1", member_id)].into();
    // Serialises two registrations of one member; the second then finds what the first kept.
    database
        .transaction_after(&asked, |mut change, mut answers| async move {
            let methods = of_member(&mut answers, key, member_id)?;
            let count = methods.len();
            for (known, _) in methods {
                if known.backing.holder() == new.backing.holder() {
                    let known = StoredMethod { backing: new.backing.clone(), ..known };
                    put_grant(&mut change, key, member_id, &known).await?;
                    return change.keep(Some(known));
                }
            }
            if count >= MAX_METHODS {
                return change.keep(None);
            }
            let (place,): (i64,) = query_as(
                "SELECT CAST(COALESCE(MAX(place) + 1, 0) AS BIGINT) FROM method WHERE member_id = $1",
            )
            .bind(member_id)
            .fetch_one(&mut *change)
            .await?;
            put(&mut change, key, member_id, place, new, None).await?;
            change.keep(Some(new.clone()))
        })
        .await
}

async fn put_grant(
    change: &mut Connection,
    key: &GrantKey,
    member_id: &str,
    stored: &StoredMethod,
) -> Result<(), DatabaseError> {
    query("UPDATE method SET grant_sealed = $1 WHERE member_id = $2 AND id = $3")
        .bind(key.seal(member_id, &stored.backing)?)
        .bind(member_id)
        .bind(&stored.method.id.0)
        .execute(change)
        .await?;
    Ok(())
}

/// Removes one of a member's methods.
pub async fn remove(
    database: &Database,
    member_id: &str,
    method: &MethodId,
) -> Result<(), DatabaseError> {
    query("DELETE FROM method WHERE member_id = $1 AND id = $2 AND held_by <> 'wallet'")
        .bind(member_id)
        .bind(&method.0)
        .execute(database.reads())
        .await?;
    Ok(())
}

/// What a wish for a change came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// All of it is done.
    Done,
    /// The member has no such method.
    NoSuchMethod,
    /// The wallet's own money is no source of deposits.
    NoSource,
}

/// Changes one of a member's methods, all that is wanted or nothing. The name is one that holds.
pub async fn change(
    database: &Database,
    member_id: &str,
    id: &MethodId,
    wanted: &MethodChange,
) -> Result<Changed, DatabaseError> {
    database
        .transaction(|mut change| async move {
            let methods: Vec<(String, String, String)> = query_as(
                "SELECT id, definition, held_by FROM method WHERE member_id = $1 ORDER BY place, id",
            )
            .bind(member_id)
            .fetch_all(&mut *change)
            .await?;
            let mut numbered = methods.iter().enumerate();
            let Some((nth, (_, text, held_by))) = numbered.find(|(_, (known, ..))| *known == id.0)
            else {
                return change.keep(Changed::NoSuchMethod);
            };
            if wanted.deposit_source == Some(true) && held_by == "wallet" {
                return change.keep(Changed::NoSource);
            }
            redefine(&mut change, member_id, from_json(text, "definition")?, wanted).await?;
            if let Some(place) = wanted.place {
                let ids = methods.iter().map(|(id, ..)| id.as_str()).collect();
                let to = usize::try_from(place).unwrap_or(usize::MAX);
                put_order(&mut change, member_id, &moved(ids, nth, to)).await?;
            }
            if let Some(is_source) = wanted.deposit_source {
                choose_source(&mut change, member_id, id, is_source).await?;
            }
            change.keep(Changed::Done)
        })
        .await
}

async fn redefine(
    change: &mut Connection,
    member_id: &str,
    mut method: Method,
    wanted: &MethodChange,
) -> Result<(), DatabaseError> {
    method.name = wanted.name.clone().unwrap_or(method.name);
    method.blocked = wanted.blocked.unwrap_or(method.blocked);
    query("UPDATE method SET definition = $1 WHERE member_id = $2 AND id = $3")
        .bind(json(&method)?)
        .bind(member_id)
        .bind(&method.id.0)
        .execute(change)
        .await?;
    Ok(())
}

async fn put_order(
    change: &mut Connection,
    member_id: &str,
    ids: &[&str],
) -> Result<(), DatabaseError> {
    for (place, id) in (0_i64..).zip(ids) {
        query("UPDATE method SET place = $1 WHERE member_id = $2 AND id = $3")
            .bind(place)
            .bind(member_id)
            .bind(*id)
            .execute(&mut *change)
            .await?;
    }
    Ok(())
}

async fn choose_source(
    change: &mut Connection,
    member_id: &str,
    id: &MethodId,
    is_source: bool,
) -> Result<(), DatabaseError> {
    let is_source = i64::from(is_source);
    // The one before first: there is never more than one.
    query(
        "UPDATE method SET deposit_source = 0
         WHERE member_id = $1 AND deposit_source = 1 AND (id = $2 OR $3 = 1)",
    )
    .bind(member_id)
    .bind(&id.0)
    .bind(is_source)
    .execute(&mut *change)
    .await?;
    query("UPDATE method SET deposit_source = $1 WHERE member_id = $2 AND id = $3")
        .bind(is_source)
        .bind(member_id)
        .bind(&id.0)
        .execute(change)
        .await?;
    Ok(())
}

/// Puts one method at `place` of the member's order; `balance_as_of` is for the wallet's own money.
pub async fn put(
    change: &mut Connection,
    key: &GrantKey,
    member_id: &str,
    place: i64,
    stored: &StoredMethod,
    balance_as_of: Option<Timestamp>,
) -> Result<(), DatabaseError> {
    let definition = json(&stored.method)?;
    let (held_by, operator, held_id) = stored.backing.holder();
    let balance = match &stored.backing {
        Backing::Wallet { balance } => Some(balance),
        _ => None,
    };
    query(
        "INSERT INTO method (member_id, id, place, definition, held_by, held_id, times_used,
            balance, currency, balance_as_of, grant_sealed, deposit_source, operator)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(member_id)
    .bind(&stored.method.id.0)
    .bind(place)
    .bind(definition)
    .bind(held_by)
    .bind(held_id)
    .bind(i64::from(stored.times_used))
    .bind(balance.map(|money| money.amount))
    .bind(balance.map(|money| money.currency.code()))
    .bind(balance.and(balance_as_of).map(|as_of| as_of.0))
    .bind(key.seal(member_id, &stored.backing)?)
    .bind(i64::from(stored.deposit_source))
    .bind(operator)
    .execute(change)
    .await?;
    Ok(())
}

/// A balance kept again although nothing changed, once it is this old, ms: its age stays of use.
const KEPT_AGAIN_MS: i64 = 10 * 60 * 1000;

/// The balances that are news beside those kept `last`, in the same order.
pub fn news(registered: &[Registered], last: &[Option<Balance>]) -> Vec<(MethodId, Balance)> {
    let is_news = |now: &Balance, last: &Option<Balance>| {
        last.is_none_or(|last| {
            last.left != now.left || now.as_of.millis_since(last.as_of) >= KEPT_AGAIN_MS
        })
    };
    let both = registered.iter().zip(last);
    both.filter_map(|(stored, last)| Some((stored.method.id.clone(), stored.balance?, last)))
        .filter(|(_, balance, last)| is_news(balance, last))
        .map(|(id, balance, _)| (id, balance))
        .collect()
}

/// Keeps what the operator said of the member's methods, for when it is away.
pub async fn remember(
    database: &Database,
    member_id: &str,
    balances: &[(MethodId, Balance)],
) -> Result<(), DatabaseError> {
    database
        .transaction(|mut change| async move {
            for (method, balance) in balances {
                query(
                    "UPDATE method SET balance = $1, currency = $2, balance_as_of = $3
                     WHERE member_id = $4 AND id = $5 AND held_by <> 'wallet'",
                )
                .bind(balance.left.amount)
                .bind(balance.left.currency.code())
                .bind(balance.as_of.0)
                .bind(member_id)
                .bind(&method.0)
                .execute(&mut *change)
                .await?;
            }
            change.keep(())
        })
        .await
}

/// The owner in the ledger of one of a member's wallets.
pub async fn wallet_of(
    database: &Database,
    member_id: &str,
    method: &MethodId,
) -> Result<Option<Uuid>, DatabaseError> {
    let held: Option<(String,)> = query_as(
        "SELECT held_id FROM method
         WHERE member_id = $1 AND id = $2 AND held_by = 'wallet' AND held_id <> ''",
    )
    .bind(member_id)
    .bind(&method.0)
    .fetch_optional(database.reads())
    .await?;
    held.map(|(id,)| id.parse().map_err(|_| damaged("held_id"))).transpose()
}
