//! Every chain and every balance recomputed from the rows.

use std::{collections::BTreeMap, fmt};

use anyhow::Context;
use futures_util::TryStreamExt;
use ledger::{Audit, Break, Entry, Sums, Transfer};
use server_kit::Database;
use sqlx::{AssertSqlSafe, FromRow, query_as, query_scalar};

use super::rows::{ENTRY, EntryRow, TRANSFER, TransferRow};

/// What was gone over and found whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many accounts have entries.
    pub accounts: u64,
    /// How many entries there are.
    pub entries: u64,
    /// Debits less credits by currency: all zero.
    pub sums: BTreeMap<String, Sums>,
}

impl Verified {
    /// What is posted and what is pending of it added, by currency.
    pub fn differences(&self) -> BTreeMap<String, i128> {
        let absolute = |sums: &Sums| sums.posted.abs() + sums.pending.abs();
        self.sums.iter().map(|(currency, sums)| (currency.clone(), absolute(sums))).collect()
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let currencies: Vec<&str> = self.sums.keys().map(String::as_str).collect();
        let (accounts, entries) = (self.accounts, self.entries);
        write!(f, "{accounts} accounts, {entries} entries; balanced: {}", currencies.join(" "))
    }
}

#[derive(FromRow)]
struct Line {
    #[sqlx(flatten)]
    entry: EntryRow,
    #[sqlx(flatten)]
    transfer: TransferRow,
}

const ROWS: &str = "FROM ledger_account a JOIN ledger_entry e ON e.account = a.id
    JOIN ledger_transfer t ON t.id = e.transfer_id ORDER BY a.name, e.number";

/// Rules over several rows, each with the sentence it breaks; a row that comes back names what.
const RULES: [(&str, &str); 6] = [
    (
        "an entry of it is in no account",
        "SELECT e.transfer_id FROM ledger_entry e LEFT JOIN ledger_account a ON a.id = e.account
         WHERE a.id IS NULL ORDER BY 1 LIMIT 1",
    ),
    (
        "an entry names no transfer",
        "SELECT transfer_id FROM ledger_entry EXCEPT SELECT id FROM ledger_transfer
         ORDER BY 1 LIMIT 1",
    ),
    (
        "a transfer has not exactly its two entries",
        "SELECT t.id FROM ledger_transfer t LEFT JOIN ledger_entry e ON e.transfer_id = t.id
         GROUP BY t.id HAVING COUNT(e.number) <> 2 OR MIN(e.side) <> 1 OR MAX(e.side) <> 2
         ORDER BY 1 LIMIT 1",
    ),
    (
        "a pending transfer ended more than once",
        "SELECT of_id FROM ledger_transfer WHERE kind IN (3, 4, 5)
         GROUP BY of_id HAVING COUNT(*) > 1 ORDER BY 1 LIMIT 1",
    ),
    (
        "an end does not fit its pending transfer",
        "SELECT t.id FROM ledger_transfer t LEFT JOIN ledger_transfer p ON p.id = t.of_id
         WHERE t.kind IN (3, 4, 5) AND (p.id IS NULL OR p.kind <> 2 OR p.amount <> t.released
            OR p.debit <> t.debit OR p.credit <> t.credit OR t.amount > p.amount)
         ORDER BY 1 LIMIT 1",
    ),
    (
        "more was refunded than paid",
        "SELECT p.id FROM ledger_transfer p JOIN ledger_transfer t ON t.of_id = p.id
         WHERE t.kind = 6 GROUP BY p.id, p.amount, p.kind
         HAVING SUM(t.amount) > p.amount OR p.kind NOT IN (1, 3) ORDER BY 1 LIMIT 1",
    ),
];

/// Goes over the whole ledger of `database`.
///
/// # Errors
/// The first thing that does not hold, by name; or that the database cannot be read.
pub async fn verify(database: &Database) -> anyhow::Result<Verified> {
    let mut audit = Audit::default();
    let statement = AssertSqlSafe(format!("SELECT {ENTRY}, {TRANSFER} {ROWS}"));
    let mut lines = query_as::<_, Line>(statement).fetch(database.reads());
    while let Some(Line { entry, transfer }) = lines.try_next().await? {
        let place = entry.place();
        let unreadable = || format!("{place}: is not what was written");
        let entry = Entry::try_from(entry).with_context(unreadable)?;
        audit.entry(&entry, &Transfer::try_from(transfer).with_context(unreadable)?)?;
    }
    drop(lines);
    for (sentence, rule) in RULES {
        let broken: Option<String> = query_scalar(rule).fetch_optional(database.reads()).await?;
        if let Some(id) = broken {
            anyhow::bail!("transfer {id}: {sentence}");
        }
    }
    audit.balanced().map_err(|found: Break| found)?;
    Ok(Verified {
        accounts: audit.accounts(),
        entries: audit.entries(),
        sums: audit.sums().clone(),
    })
}
