//! The day file: a head, a line for each movement, and a foot by which a cut file is noticed.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use anyhow::Context;
use domain::{
    Currency, Money, Timestamp,
    wire::{ActionKind, DayFoot, DayHead, DayLine},
};
use server_kit::Day;

use super::rows::{MovedRow, moved};
use crate::database::open_database;

/// What moved on `day` (UTC), as lines of JSON: a [`DayHead`], the [`DayLine`]s and a [`DayFoot`].
/// Amounts are above zero where the operator owes the wallet company.
///
/// # Errors
/// When the database cannot be read, or a day's amounts do not fit 64 bits.
pub async fn day_file(database: &Path, operator: &str, day: Day) -> anyhow::Result<String> {
    let database = open_database(database).await?;
    let rows = moved(&database, day.begins(), day.ends()).await;
    database.close().await;
    let lines = rows?.into_iter().map(line).collect::<anyhow::Result<Vec<_>>>()?;
    let head = DayHead { operator: operator.to_owned(), day: day.to_string() };
    let mut file = serde_json::to_string(&head)? + "\n";
    for line in &lines {
        writeln!(file, "{}", serde_json::to_string(line)?)?;
    }
    writeln!(file, "{}", serde_json::to_string(&foot(&lines)?)?)?;
    Ok(file)
}

fn line(row: MovedRow) -> anyhow::Result<DayLine> {
    let kind = ActionKind::from_word(&row.action).context("an action that is none")?;
    Ok(DayLine {
        line: row.number,
        id: row.id.parse().context("an id that is none")?,
        reference: row.reference.parse().context("a reference that is none")?,
        action: kind,
        amount: Money {
            amount: kind.owed(row.amount),
            currency: Currency::from_code(&row.currency).context("no currency")?,
        },
        at: Timestamp(row.at),
    })
}

fn foot(lines: &[DayLine]) -> anyhow::Result<DayFoot> {
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for DayLine { amount, .. } in lines {
        let sum = sums.entry(amount.currency.code().to_owned()).or_default();
        *sum = sum.checked_add(amount.amount).context("the day's amounts do not fit 64 bits")?;
    }
    Ok(DayFoot { lines: lines.len() as u64, sums })
}
