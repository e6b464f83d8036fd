//! A group of requests: what they touch is loaded, the law applied, and what came out added.

use std::collections::{BTreeSet, HashMap, HashSet};

use ledger::{Account, Books, Entry, Outcome, Posting, Refusal, Rejection, Request, Transfer};
use server_kit::{Connection, DatabaseError, parts, placeholder_rows, placeholders};
use sqlx::{AssertSqlSafe, FromRow, any::AnyRow, query, query_as};

use super::{
    heads::Heads,
    rows::{ENTRY, HeadRow, RefusalRow, TRANSFER, TransferRow},
};

/// The columns of a row, as they are put.
const TRANSFER_COLUMNS: usize = 10;
const ENTRY_COLUMNS: usize = 11;
const ACCOUNT_COLUMNS: usize = 2;

/// What a group of requests came to.
pub struct Added {
    /// One for each request, in their order.
    pub outcomes: Vec<Result<Outcome, Rejection>>,
    /// The rows' numbers of the accounts that were touched.
    pub accounts: HashMap<Account, i64>,
}

/// Does what each of `requests` asks, in their order, at the instant `at`. The caller's transaction makes
/// it last as a whole.
///
/// # Errors
/// When the database fails, or another writer was faster on one of the accounts.
pub async fn add(
    connection: &mut Connection,
    requests: &[Request],
    at: i64,
) -> Result<Vec<Result<Outcome, Rejection>>, DatabaseError> {
    Ok(add_after(connection, &Heads::default(), requests, at).await?.outcomes)
}

/// [`add`], where only the accounts that `heads` does not remember are looked up.
///
/// # Errors
/// As for [`add`].
pub async fn add_after(
    connection: &mut Connection,
    heads: &Heads,
    requests: &[Request],
    at: i64,
) -> Result<Added, DatabaseError> {
    let (mut books, mut accounts) = load(connection, heads, requests).await?;
    let outcomes: Vec<_> = requests.iter().map(|request| books.apply(request, at)).collect();
    let postings: Vec<&Posting> = outcomes.iter().filter_map(posting).collect();
    open_accounts(connection, &postings, &mut accounts).await?;
    put_transfers(connection, &postings).await?;
    put_entries(connection, &postings, &accounts).await?;
    for (request, outcome) in requests.iter().zip(&outcomes) {
        if let Ok(Outcome::Refused(refusal)) = outcome {
            put_refusal(connection, request, *refusal, at).await?;
        }
    }
    Ok(Added { outcomes, accounts })
}

fn posting(outcome: &Result<Outcome, Rejection>) -> Option<&Posting> {
    match outcome {
        Ok(Outcome::Posted(posting)) => Some(posting),
        _ => None,
    }
}

async fn load(
    connection: &mut Connection,
    heads: &Heads,
    requests: &[Request],
) -> Result<(Books, HashMap<Account, i64>), DatabaseError> {
    let mut books = Books::default();
    let own = texts(requests.iter().map(|request| request.id));
    let named = texts(requests.iter().filter_map(Request::names));
    let mut accounts: HashSet<Account> = HashSet::new();
    for (debit, credit) in requests.iter().filter_map(Request::accounts) {
        accounts.extend([debit.clone(), credit.clone()]);
    }
    let mut ids = own.clone();
    ids.extend(named.iter().cloned());
    let by_id = |list| format!("SELECT {TRANSFER} FROM ledger_transfer t WHERE t.id IN ({list})");
    let by_of =
        |list| format!("SELECT {TRANSFER} FROM ledger_transfer t WHERE t.of_id IN ({list})");
    let mut transfers: Vec<TransferRow> = select(connection, &ids, by_id).await?;
    transfers.extend(select(connection, &named, by_of).await?);
    for row in transfers {
        let transfer = Transfer::try_from(row)?;
        accounts.extend([transfer.debit.clone(), transfer.credit.clone()]);
        books.know_transfer(transfer);
    }
    let refused =
        |list| format!("SELECT id, content, refusal FROM ledger_refusal WHERE id IN ({list})");
    for row in select::<RefusalRow>(connection, &own, refused).await? {
        let (id, content, refusal) = row.read()?;
        books.know_refusal(id, content, refusal);
    }
    let numbers = know_heads(connection, heads, accounts, &mut books).await?;
    Ok((books, numbers))
}

/// Tells `books` where the chains of `accounts` end, and returns the rows' numbers of those that are there.
async fn know_heads(
    connection: &mut Connection,
    heads: &Heads,
    accounts: HashSet<Account>,
    books: &mut Books,
) -> Result<HashMap<Account, i64>, DatabaseError> {
    let mut numbers = HashMap::with_capacity(accounts.len());
    let mut unknown = BTreeSet::new();
    for account in accounts {
        match heads.of(&account) {
            Some((number, head)) => {
                numbers.insert(account.clone(), number);
                books.know_head(account, head);
            }
            None => drop(unknown.insert(account.to_string())),
        }
    }
    for row in select::<HeadRow>(connection, &unknown, last_entries).await? {
        let (account, number, head) = row.read()?;
        numbers.insert(account.clone(), number);
        books.know_head(account, head);
    }
    Ok(numbers)
}

/// The last entry of each account. `MAX` alone reads one place of the key, a group would read all.
fn last_entries(list: String) -> String {
    format!(
        "SELECT a.id AS account_id, {ENTRY}
         FROM ledger_account a JOIN ledger_entry e ON e.account = a.id
            AND e.number = (SELECT MAX(number) FROM ledger_entry WHERE account = a.id)
         WHERE a.name IN ({list})"
    )
}

/// Gives a number to each account that is touched for the first time.
async fn open_accounts(
    connection: &mut Connection,
    postings: &[&Posting],
    numbers: &mut HashMap<Account, i64>,
) -> Result<(), DatabaseError> {
    let touched = postings.iter().flat_map(|posting| [&posting.debit, &posting.credit]);
    let mut new: Vec<&Account> = touched.map(|entry| &entry.account).collect();
    new.retain(|account| !numbers.contains_key(account));
    if new.is_empty() {
        return Ok(());
    }
    // Whoever takes the same numbers at the same time fails on them and begins again.
    let ends = "SELECT COALESCE(MIN(id), 0), COALESCE(MAX(id), 0) FROM ledger_account";
    let (mut lowest, mut highest): (i64, i64) = query_as(ends).fetch_one(&mut *connection).await?;
    let mut opened = Vec::new();
    for account in new {
        if !numbers.contains_key(account) {
            let next = if account.is_limited() {
                lowest = lowest.min(0) - 1;
                lowest
            } else {
                highest = highest.max(0) + 1;
                highest
            };
            numbers.insert(account.clone(), next);
            opened.push((next, account));
        }
    }
    put_accounts(connection, &opened).await
}

async fn put_accounts(
    connection: &mut Connection,
    opened: &[(i64, &Account)],
) -> Result<(), DatabaseError> {
    for part in parts(opened, ACCOUNT_COLUMNS) {
        let rows = placeholder_rows(part.len(), ACCOUNT_COLUMNS);
        let statement =
            AssertSqlSafe(format!("INSERT INTO ledger_account (id, name) VALUES {rows}"));
        let bound = part.iter().fold(query(statement), |query, (id, account)| {
            query.bind(*id).bind(account.to_string())
        });
        bound.execute(&mut *connection).await?;
    }
    Ok(())
}

fn texts(ids: impl Iterator<Item = ledger::TransferId>) -> BTreeSet<String> {
    ids.map(|id| id.to_string()).collect()
}

/// The rows of `statement`, which gets the placeholders for `values`.
async fn select<T>(
    connection: &mut Connection,
    values: &BTreeSet<String>,
    statement: impl Fn(String) -> String,
) -> Result<Vec<T>, DatabaseError>
where
    T: for<'r> FromRow<'r, AnyRow> + Send + Unpin,
{
    let values: Vec<&String> = values.iter().collect();
    let mut rows = Vec::new();
    for part in parts(&values, 1) {
        let statement = AssertSqlSafe(statement(placeholders(part.len())));
        let bound =
            part.iter().fold(query_as(statement), |query, value| query.bind(value.as_str()));
        rows.extend(bound.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

async fn put_transfers(
    connection: &mut Connection,
    postings: &[&Posting],
) -> Result<(), DatabaseError> {
    for part in parts(postings, TRANSFER_COLUMNS) {
        let statement = AssertSqlSafe(format!(
            "INSERT INTO ledger_transfer (id, kind, debit, credit, amount, released, of_id, at,
                expires_at, content) VALUES {}",
            placeholder_rows(part.len(), TRANSFER_COLUMNS)
        ));
        let bound = part.iter().fold(query(statement), |query, posting| {
            let transfer = &posting.transfer;
            query
                .bind(transfer.id.to_string())
                .bind(i64::from(transfer.kind.number()))
                .bind(transfer.debit.to_string())
                .bind(transfer.credit.to_string())
                .bind(transfer.amount.get())
                .bind(transfer.released)
                .bind(transfer.of.map(|of| of.to_string()))
                .bind(transfer.at)
                .bind(transfer.expires_at)
                .bind(transfer.content.to_vec())
        });
        bound.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn put_entries(
    connection: &mut Connection,
    postings: &[&Posting],
    accounts: &HashMap<Account, i64>,
) -> Result<(), DatabaseError> {
    let entries: Vec<&Entry> =
        postings.iter().flat_map(|posting| [&posting.debit, &posting.credit]).collect();
    for part in parts(&entries, ENTRY_COLUMNS) {
        let statement = AssertSqlSafe(format!(
            "INSERT INTO ledger_entry (account, number, transfer_id, side, posted, pending,
                debits_posted, credits_posted, debits_pending, credits_pending, hash) VALUES {}",
            placeholder_rows(part.len(), ENTRY_COLUMNS)
        ));
        let bound = part.iter().fold(query(statement), |query, entry| {
            query
                .bind(accounts.get(&entry.account).copied())
                .bind(entry.number)
                .bind(entry.transfer.to_string())
                .bind(i64::from(entry.side.number()))
                .bind(entry.posted)
                .bind(entry.pending)
                .bind(entry.totals.debits_posted)
                .bind(entry.totals.credits_posted)
                .bind(entry.totals.debits_pending)
                .bind(entry.totals.credits_pending)
                .bind(entry.hash.to_vec())
        });
        bound.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn put_refusal(
    connection: &mut Connection,
    request: &Request,
    refusal: Refusal,
    at: i64,
) -> Result<(), DatabaseError> {
    query("INSERT INTO ledger_refusal (id, content, refusal, at) VALUES ($1, $2, $3, $4)")
        .bind(request.id.to_string())
        .bind(request.content().to_vec())
        .bind(i64::from(refusal.number()))
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}
