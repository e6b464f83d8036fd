//! A ledger that was written before its accounts had numbers.

use domain::Currency;
use ledger::{Account, Action, Amount, Books, Entry, Outcome, Owner, Posting, Request};
use server_kit::Database;
use tempfile::TempDir;
use uuid::Uuid;
use wallet_server::{open_database, verify};

const AT: i64 = 1_790_000_000_000;
/// The step that gives the accounts their numbers.
const NUMBERED: i64 = 27;

/// The tables as they were before.
async fn unnumbered(folder: &TempDir) -> Database {
    let mut tables = sqlx::migrate!("migrations/sqlite");
    tables.migrations.to_mut().retain(|step| step.version < NUMBERED);
    Database::open(&folder.path().join("wallet.db"), &tables).await.unwrap()
}

fn postings() -> Vec<Posting> {
    let account = |owner| Account::new(owner, Currency::EUR);
    let wallet = account(Owner::Member(Uuid::from_u128(1)));
    let (outside, store) = (Owner::Outside { part: 0 }, Owner::Store(Uuid::from_u128(2)));
    let amount = |units| Amount::new(units).unwrap();
    let mut books = Books::default();
    let actions = [
        Action::Post { debit: account(outside), credit: wallet.clone(), amount: amount(100) },
        Action::Post { debit: wallet, credit: account(store), amount: amount(60) },
    ];
    let requests = (1..).map(Uuid::from_u128).zip(actions);
    let outcomes = requests.map(|(id, action)| books.apply(&Request { id, action }, AT).unwrap());
    let posted = |outcome| match outcome {
        Outcome::Posted(posting) => *posting,
        other => panic!("not posted: {other:?}"),
    };
    outcomes.map(posted).collect()
}

async fn put(database: &Database, Posting { transfer, debit, credit }: &Posting) {
    let put = "INSERT INTO ledger_transfer (id, kind, debit, credit, amount, released, at, content)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    sqlx::query(put)
        .bind(transfer.id.to_string())
        .bind(i64::from(transfer.kind.number()))
        .bind(transfer.debit.to_string())
        .bind(transfer.credit.to_string())
        .bind(transfer.amount.get())
        .bind(transfer.released)
        .bind(transfer.at)
        .bind(transfer.content.to_vec())
        .execute(database.reads())
        .await
        .unwrap();
    for entry in [debit, credit] {
        put_entry(database, entry).await;
    }
}

async fn put_entry(database: &Database, entry: &Entry) {
    let put = "INSERT INTO ledger_entry (account, number, transfer_id, side, posted, pending,
            debits_posted, credits_posted, debits_pending, credits_pending, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    sqlx::query(put)
        .bind(entry.account.to_string())
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
        .execute(database.reads())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_ledger_without_numbers_of_accounts_is_brought_up_to_date_whole() {
    let folder = TempDir::new().unwrap();
    let before = unnumbered(&folder).await;
    for posting in postings() {
        put(&before, &posting).await;
    }
    before.close().await;
    let database = open_database(folder.path()).await.unwrap();
    let found = verify(&database).await.unwrap();
    assert_eq!((found.accounts, found.entries), (3, 4));
    let standing: Vec<(String, i64)> =
        sqlx::query_as("SELECT account, available FROM ledger_standing ORDER BY account")
            .fetch_all(database.reads())
            .await
            .unwrap();
    let standing: Vec<(&str, i64)> =
        standing.iter().map(|(account, available)| (account.as_str(), *available)).collect();
    let expected = [
        ("member:00000000-0000-0000-0000-000000000001:EUR", 40),
        ("outside:0:EUR", -100),
        ("store:00000000-0000-0000-0000-000000000002:EUR", 60),
    ];
    assert_eq!(standing, expected);
    database.close().await;
}
