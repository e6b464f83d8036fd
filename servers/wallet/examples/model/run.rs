//! The run: each group of operations goes to both ledgers, and every answer is compared.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use domain::Timestamp;
use futures_util::future::join_all;
use ledger::{Oracle, Outcome, Request};
use serde::Serialize;
use wallet_server::{Clock, Database, Wallets, open_database, verify};

use super::{
    cast::Cast,
    tills::{TillCast, fill},
};

/// What was found.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Operations that were asked for.
    pub operations: u64,
    /// Of them, how many moved or reserved money.
    pub done: u64,
    /// Payments that were captured.
    pub settlements: i64,
    /// Of them, how many by a store's own code.
    pub typed: i64,
    /// Of them, how many an unlocked phone agreed to by itself.
    pub unlocked: i64,
    /// Refunds that were made.
    pub refunds: i64,
    /// Closings of a store's day.
    pub closings: i64,
    /// Answers and accounts that differ between the two ledgers.
    pub differences: u64,
    /// Debits less credits by currency.
    pub sums: BTreeMap<String, i128>,
    /// Accounts whose chain does not hold, or 1 where the ledger does not as a whole.
    pub chain_breaks: u64,
    /// What `verify` said of it.
    pub verified: String,
}

/// Runs `operations` operations drawn by `seed`, with a database in `folder`.
pub async fn run(folder: &Path, operations: u64, seed: u64) -> anyhow::Result<Report> {
    let now = Arc::new(AtomicI64::new(1_790_000_000_000));
    let read = Arc::clone(&now);
    let clock = Clock::from_fn(move || Timestamp(read.load(Ordering::SeqCst)));
    fill(folder).await?;
    let database = open_database(folder).await?;
    let wallets = Wallets::start(database.clone(), clock.clone());
    let mut tills = TillCast::open(folder, &database, &wallets, clock, seed).await?;
    let (mut cast, mut oracle) = (Cast::new(seed), Oracle::default());
    let (mut asked, mut done, mut differences) = (0, 0, 0);
    while asked < operations {
        // The clock stands still while a group is under way: both ledgers must read the same.
        let at = now.load(Ordering::SeqCst);
        let count = cast.group().min(operations - asked);
        let requests: Vec<Request> = (0..count).map(|_| cast.request()).collect();
        let answers = join_all(requests.iter().cloned().map(|request| wallets.apply(request)));
        for (request, answer) in requests.iter().zip(answers.await) {
            let expected = oracle.apply(request, at);
            done += u64::from(matches!(expected, Ok(Outcome::Posted(_))));
            differences += u64::from(answer != Ok(expected));
        }
        // In between, not at once: what a till is told depends on what was done before.
        if cast.is_at_a_till() {
            differences += tills.step(&mut oracle, Timestamp(at)).await?;
            asked += 1;
        }
        now.store(at + cast.step(), Ordering::SeqCst);
        asked += count;
    }
    differences += other_heads(&database, &oracle).await? + tills.others(&database).await?;
    let found = verify(&database).await;
    let verified = found.as_ref().map_or_else(|error| format!("{error:#}"), ToString::to_string);
    let (sums, chain_breaks) = match found {
        Ok(found) => (found.differences(), 0),
        Err(_) => (BTreeMap::new(), 1),
    };
    let rows = |of: &'static str| count(&database, of);
    let settlements = rows("settlement WHERE state = 'captured'").await?;
    let captured = "settlement WHERE state = 'captured' AND";
    let typed =
        count(&database, &format!("{captured} id = charge_id AND channel = 'scan'")).await?;
    let unlocked = count(&database, &format!("{captured} unlocked = 1")).await?;
    let refunds = rows("settlement_refund WHERE state = 'done'").await?;
    let closings = rows("closing").await?;
    database.close().await;
    let moved = Report {
        operations,
        done,
        settlements,
        typed,
        unlocked,
        refunds,
        closings,
        ..Report::default()
    };
    Ok(Report { differences, sums, chain_breaks, verified, ..moved })
}

async fn count(database: &Database, of: &str) -> anyhow::Result<i64> {
    let statement = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {of}"));
    Ok(sqlx::query_scalar(statement).fetch_one(database.reads()).await?)
}

/// How many accounts end otherwise in the database: a hash covers all entries before it.
async fn other_heads(database: &Database, oracle: &Oracle) -> anyhow::Result<u64> {
    let mut others = 0;
    for account in oracle.accounts() {
        let last: Option<(i64, Vec<u8>)> = sqlx::query_as(
            "SELECT number, hash FROM ledger_entry
             WHERE account = (SELECT id FROM ledger_account WHERE name = $1)
             ORDER BY number DESC LIMIT 1",
        )
        .bind(account.to_string())
        .fetch_optional(database.reads())
        .await?;
        let expected = oracle.entries(account).last();
        let same = expected.zip(last.as_ref()).is_some_and(|(entry, (number, hash))| {
            entry.number == *number && entry.hash.as_slice() == hash
        });
        others += u64::from(!same);
    }
    let accounts: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM ledger_account")
        .fetch_one(database.reads())
        .await?;
    Ok(others + accounts.unsigned_abs().abs_diff(oracle.accounts().count() as u64))
}
