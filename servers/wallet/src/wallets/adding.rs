//! A group of requests: what they touch is loaded, the law applied, and what came out added.

use std::collections::HashMap;

use ledger::{Account, Entry, Outcome, Posting, Refusal, Rejection, Request};
use server_kit::{
    Answers, Connection, Database, DatabaseError, Script, Statement, parts, placeholder_rows,
};
use sqlx::query_as;

use super::{heads::Heads, loading::Question};

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
    let heads = Heads::default();
    let question = Question::of(&heads, requests);
    let answers = question.script().clone().run(connection).await?;
    let (added, rows) = decide(connection, &question, answers, &heads, requests, at).await?;
    rows.run(connection).await?;
    Ok(added.outcomes)
}

/// [`add`] in a transaction of its own, where only the accounts that `heads` does not remember are looked
/// up.
///
/// # Errors
/// As for [`add`].
pub async fn add_after(
    database: &Database,
    heads: &Heads,
    requests: &[Request],
    at: i64,
) -> Result<Added, DatabaseError> {
    let question = &Question::of(heads, requests);
    database
        .transaction_after(question.script(), |mut change, answers| async move {
            let decided = decide(&mut change, question, answers, heads, requests, at).await?;
            let (added, rows) = decided;
            change.keep_after(rows, added)
        })
        .await
}

/// What came of `requests`, and the rows that are to be added for it.
async fn decide(
    connection: &mut Connection,
    question: &Question,
    answers: Answers,
    heads: &Heads,
    requests: &[Request],
    at: i64,
) -> Result<(Added, Script), DatabaseError> {
    let known = question.answered(connection, heads, answers).await?;
    let (mut books, mut accounts) = (known.books, known.accounts);
    let outcomes: Vec<_> = requests.iter().map(|request| books.apply(request, at)).collect();
    let postings: Vec<&Posting> = outcomes.iter().filter_map(posting).collect();
    let mut rows = Script::default();
    open_accounts(connection, &postings, &mut accounts, &mut rows).await?;
    put_transfers(&postings, &mut rows);
    put_entries(&postings, &accounts, &mut rows);
    for (request, outcome) in requests.iter().zip(&outcomes) {
        if let Ok(Outcome::Refused(refusal)) = outcome {
            rows.add(refused(request, *refusal, at));
        }
    }
    Ok((Added { outcomes, accounts }, rows))
}

fn posting(outcome: &Result<Outcome, Rejection>) -> Option<&Posting> {
    match outcome {
        Ok(Outcome::Posted(posting)) => Some(posting),
        _ => None,
    }
}

/// Gives a number to each account that is touched for the first time.
async fn open_accounts(
    connection: &mut Connection,
    postings: &[&Posting],
    numbers: &mut HashMap<Account, i64>,
    rows: &mut Script,
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
    for part in parts(&opened, ACCOUNT_COLUMNS) {
        let places = placeholder_rows(part.len(), ACCOUNT_COLUMNS);
        let put = Statement::new(format!("INSERT INTO ledger_account (id, name) VALUES {places}"));
        rows.add(
            part.iter().fold(put, |put, (id, account)| put.bind(*id).bind(account.to_string())),
        );
    }
    Ok(())
}

fn put_transfers(postings: &[&Posting], rows: &mut Script) {
    for part in parts(postings, TRANSFER_COLUMNS) {
        let put = Statement::new(format!(
            "INSERT INTO ledger_transfer (id, kind, debit, credit, amount, released, of_id, at,
                expires_at, content) VALUES {}",
            placeholder_rows(part.len(), TRANSFER_COLUMNS)
        ));
        rows.add(part.iter().fold(put, |put, posting| {
            let transfer = &posting.transfer;
            put.bind(transfer.id.to_string())
                .bind(i64::from(transfer.kind.number()))
                .bind(transfer.debit.to_string())
                .bind(transfer.credit.to_string())
                .bind(transfer.amount.get())
                .bind(transfer.released)
                .bind(transfer.of.map(|of| of.to_string()))
                .bind(transfer.at)
                .bind(transfer.expires_at)
                .bind(transfer.content.to_vec())
        }));
    }
}

fn put_entries(postings: &[&Posting], accounts: &HashMap<Account, i64>, rows: &mut Script) {
    let entries: Vec<&Entry> =
        postings.iter().flat_map(|posting| [&posting.debit, &posting.credit]).collect();
    for part in parts(&entries, ENTRY_COLUMNS) {
        let put = Statement::new(format!(
            "INSERT INTO ledger_entry (account, number, transfer_id, side, posted, pending,
                debits_posted, credits_posted, debits_pending, credits_pending, hash) VALUES {}",
            placeholder_rows(part.len(), ENTRY_COLUMNS)
        ));
        rows.add(part.iter().fold(put, |put, entry| {
            put.bind(accounts.get(&entry.account).copied())
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
        }));
    }
}

fn refused(request: &Request, refusal: Refusal, at: i64) -> Statement {
    Statement::new("INSERT INTO ledger_refusal (id, content, refusal, at) VALUES ($1, $2, $3, $4)")
        .bind(request.id.to_string())
        .bind(request.content().to_vec())
        .bind(i64::from(refusal.number()))
        .bind(at)
}
