//! The floor: SQLite by itself, two balances changed and two rows added for each transfer, 32
//! transfers a commit, as durable as the ledger.

use std::{path::Path, time::Instant};

use rusqlite::{Connection, params};

const ACCOUNTS: u64 = 10_000;
const BATCH: u64 = 32;

/// Transfers a second over `transfers` of them, in a database at `path`.
pub fn transfers_a_second(path: &Path, transfers: u64) -> anyhow::Result<f64> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL) STRICT;
         CREATE TABLE transfer (id BLOB PRIMARY KEY, debit INTEGER NOT NULL,
            credit INTEGER NOT NULL, amount INTEGER NOT NULL) STRICT;
         CREATE TABLE answer (id BLOB PRIMARY KEY, body TEXT NOT NULL) STRICT;
         WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 9999)
            INSERT INTO account SELECT n, 1000000 FROM number;",
    )?;
    let begun = Instant::now();
    for batch in 0..transfers / BATCH {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for nth in batch * BATCH..(batch + 1) * BATCH {
            transfer(&connection, nth)?;
        }
        connection.execute_batch("COMMIT")?;
    }
    Ok((transfers / BATCH * BATCH) as f64 / begun.elapsed().as_secs_f64())
}

fn transfer(connection: &Connection, nth: u64) -> rusqlite::Result<()> {
    // Spread, and the same in every run.
    let mixed = nth.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let (debit, credit) = (mixed % ACCOUNTS, (mixed >> 32) % ACCOUNTS);
    let id = (u128::from(mixed) << 64 | u128::from(nth)).to_be_bytes();
    let mut change =
        connection.prepare_cached("UPDATE account SET balance = balance + ?2 WHERE id = ?1")?;
    change.execute(params![debit as i64, -1])?;
    change.execute(params![credit as i64, 1])?;
    connection
        .prepare_cached("INSERT INTO transfer (id, debit, credit, amount) VALUES (?1, ?2, ?3, 1)")?
        .execute(params![id, debit as i64, credit as i64])?;
    connection
        .prepare_cached("INSERT INTO answer (id, body) VALUES (?1, '{\"state\":\"done\"}')")?
        .execute(params![id])?;
    Ok(())
}
