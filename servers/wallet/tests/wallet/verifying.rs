//! `wallet-server verify`: whatever was changed in the ledger's rows is found, and named.

use std::{path::Path, process::Command};

use domain::{Currency, Timestamp};
use ledger::{Account, Action, Amount, Owner, Request};
use tempfile::TempDir;
use uuid::Uuid;
use wallet_server::{Clock, Wallets, open_database};

fn account(owner: Owner) -> Account {
    Account::new(owner, Currency::EUR)
}

/// A ledger with a deposit, a pending transfer that was posted in part, and a refund.
async fn ledger(folder: &Path) {
    let database = open_database(folder).await.unwrap();
    let wallets = Wallets::start(database.clone(), Clock::from_fn(|| Timestamp(1_790_000_000_000)));
    let (wallet, outside) =
        (account(Owner::Member(Uuid::from_u128(1))), Owner::Outside { part: 0 });
    let store = account(Owner::Store(Uuid::from_u128(2)));
    let (id, amount) = (Uuid::from_u128, |units| Amount::new(units).unwrap());
    for (number, action) in [
        Action::Post { debit: account(outside), credit: wallet.clone(), amount: amount(100) },
        Action::Pending { debit: wallet, credit: store, amount: amount(60), lasts_ms: Some(5) },
        Action::PostPending { pending: id(2), amount: amount(50) },
        Action::Refund { of: id(3), amount: amount(20) },
    ]
    .into_iter()
    .enumerate()
    {
        let request = Request { id: id(number as u128 + 1), action };
        wallets.apply(request).await.unwrap().unwrap();
    }
    database.close().await;
}

/// Whether the program ends with 0, and what it says.
fn verify(folder: &Path) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_wallet-server"))
        .args(["verify", "--data"])
        .arg(folder)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code() == Some(0), String::from_utf8(said).unwrap())
}

/// Changes the rows behind the program's back, as somebody with the file in hand can.
async fn change(folder: &Path, statement: &'static str) {
    let database = open_database(folder).await.unwrap();
    for trigger in [
        "ledger_transfer_stays",
        "ledger_transfer_remains",
        "ledger_entry_stays",
        "ledger_entry_remains",
        "ledger_account_stays",
        "ledger_account_remains",
    ] {
        let statement = sqlx::AssertSqlSafe(format!("DROP TRIGGER {trigger}"));
        sqlx::query(statement).execute(database.reads()).await.unwrap();
    }
    let mut connection = database.reads().acquire().await.unwrap();
    for statement in
        ["PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON", statement]
    {
        sqlx::query(statement).execute(&mut *connection).await.unwrap();
    }
    connection.close().await.unwrap();
    database.close().await;
}

#[tokio::test]
async fn a_ledger_that_nobody_touched_is_whole() {
    let folder = TempDir::new().unwrap();
    ledger(folder.path()).await;
    let (whole, said) = verify(folder.path());
    assert!(whole, "{said}");
    assert_eq!(said, "3 accounts, 8 entries; balanced: EUR\n");
}

#[tokio::test]
async fn every_change_behind_the_programs_back_is_found_and_named() {
    let wallet = "member:00000000-0000-0000-0000-000000000001:EUR, entry";
    for (statement, named) in [
        ("UPDATE ledger_entry SET hash = zeroblob(32) WHERE number = 3 AND account < 0", "3"),
        ("UPDATE ledger_entry SET credits_posted = 101 WHERE number = 1 AND account < 0", "1"),
        ("UPDATE ledger_entry SET posted = 99 WHERE number = 1 AND account < 0", "1"),
        ("UPDATE ledger_entry SET side = 3 WHERE number = 2 AND account < 0", "2"),
        ("DELETE FROM ledger_entry WHERE number = 2 AND account < 0", "3"),
        ("UPDATE ledger_transfer SET at = at + 1 WHERE kind = 1", "1"),
        ("UPDATE ledger_transfer SET content = zeroblob(32) WHERE kind = 2", "2"),
        ("UPDATE ledger_transfer SET expires_at = NULL WHERE kind = 2", "2"),
        ("UPDATE ledger_transfer SET amount = 49 WHERE kind = 3", "3"),
        ("UPDATE ledger_transfer SET kind = 9 WHERE kind = 6", "4"),
    ] {
        let folder = TempDir::new().unwrap();
        ledger(folder.path()).await;
        change(folder.path(), statement).await;
        let (whole, said) = verify(folder.path());
        assert!(!whole, "{statement}");
        assert!(said.contains(&format!("{wallet} {named}: ")), "{statement}: {said}");
    }
}

#[tokio::test]
async fn one_flipped_byte_of_the_file_is_found() {
    let folder = TempDir::new().unwrap();
    ledger(folder.path()).await;
    let database = open_database(folder.path()).await.unwrap();
    let hashes: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT hash FROM ledger_entry UNION ALL SELECT content FROM ledger_transfer",
    )
    .fetch_all(database.reads())
    .await
    .unwrap();
    database.close().await;
    let file = folder.path().join("wallet.db");
    let whole = std::fs::read(&file).unwrap();
    for hash in &hashes {
        let at = whole.windows(32).position(|window| window == hash).unwrap();
        let mut flipped = whole.clone();
        flipped[at + 31] ^= 1;
        std::fs::write(&file, &flipped).unwrap();
        let database = open_database(folder.path()).await.unwrap();
        assert!(wallet_server::verify(&database).await.is_err());
        database.close().await;
    }
    assert_eq!(hashes.len(), 12);
}

#[tokio::test]
async fn what_was_cut_off_on_one_side_is_found() {
    for statement in [
        "DELETE FROM ledger_entry WHERE number = 4 AND account < 0",
        "DELETE FROM ledger_transfer WHERE kind = 6",
    ] {
        let folder = TempDir::new().unwrap();
        ledger(folder.path()).await;
        change(folder.path(), statement).await;
        let (whole, said) = verify(folder.path());
        assert!(!whole && said.contains("transfer 00000000-0000-0000-0000-000000000004"), "{said}");
    }
}

#[tokio::test]
async fn entries_that_were_given_to_another_account_or_to_none_are_found() {
    for (statement, named) in [
        (
            "UPDATE ledger_account SET name = 'store:00000000-0000-0000-0000-000000000003:EUR'
             WHERE name LIKE 'store:%'",
            "store:00000000-0000-0000-0000-000000000003:EUR, entry 1",
        ),
        (
            "DELETE FROM ledger_account WHERE id < 0",
            "transfer 00000000-0000-0000-0000-000000000001: an entry of it is in no account",
        ),
    ] {
        let folder = TempDir::new().unwrap();
        ledger(folder.path()).await;
        change(folder.path(), statement).await;
        let (whole, said) = verify(folder.path());
        assert!(!whole && said.contains(named), "{statement}: {said}");
    }
}

#[tokio::test]
async fn l5_the_database_itself_refuses_to_change_or_remove_a_row() {
    let folder = TempDir::new().unwrap();
    ledger(folder.path()).await;
    let database = open_database(folder.path()).await.unwrap();
    for statement in [
        "UPDATE ledger_entry SET posted = posted",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_transfer SET at = at",
        "DELETE FROM ledger_transfer",
        "UPDATE ledger_account SET name = name",
        "DELETE FROM ledger_account",
    ] {
        let error = sqlx::query(statement).execute(database.reads()).await.unwrap_err();
        assert!(error.to_string().contains("only added to"), "{statement}: {error}");
    }
    database.close().await;
}
