//! One reconciliation, in one transaction: the file's lines are kept, every instruction of the day is
//! compared, and suspense is brought to what the two sides differ by.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, anyhow};
use domain::{Money, Timestamp, wire::DayLine};
use ledger::{OperatorName, Outcome};
use server_kit::{Change, Connection, DAY_MS, Database, DatabaseError, Day, currency, damaged};
use uuid::Uuid;

use super::{
    file,
    report::{Report, ReportItem, SuspenseItem},
    rows::{self, Item},
    rules::{Comparison, compare, differences, to_suspense},
};
use crate::{
    operators::{capture_id, refund_id},
    wallets::add,
};

/// Holds the day file `text` of `operator` against the ledger at the instant `now`. Again, late and
/// after other days it comes to the same.
///
/// # Errors
/// When the file is not whole, not this operator's of this day, or says otherwise than an earlier one
/// what a line was: then nothing is kept of it.
pub async fn reconcile(
    database: &Database,
    operator: &str,
    day: Day,
    text: &str,
    now: Timestamp,
) -> anyhow::Result<Report> {
    let name = &OperatorName::new(operator)
        .with_context(|| format!("{operator:?} is no operator's name"))?;
    let lines = &file::read(text, operator, day)?;
    let done = database
        .transaction(|mut change: Change| async move {
            let mut report = Report {
                operator: operator.to_owned(),
                day: day.to_string(),
                lines: lines.len() as u64,
                ..Report::default()
            };
            if let Err(line) = keep(&mut change, operator, day, lines, &mut report).await? {
                return change.keep(Err(line));
            }
            compare_all(&mut change, name, day, now, &mut report).await?;
            change.keep(Ok(report))
        })
        .await?;
    done.map_err(|line| anyhow!("line {line} says something else than it did in an earlier file"))
}

/// Keeps the lines; the number of one that an earlier file had otherwise.
async fn keep(
    change: &mut Connection,
    operator: &str,
    day: Day,
    lines: &[DayLine],
    report: &mut Report,
) -> Result<Result<(), i64>, DatabaseError> {
    for line in lines {
        if !rows::put_line(change, operator, day, line).await? {
            if !rows::is_kept(change, operator, line).await? {
                return Ok(Err(line.line));
            }
        } else {
            report.new_lines += 1;
        }
    }
    Ok(Ok(()))
}

async fn compare_all(
    change: &mut Connection,
    operator: &OperatorName,
    day: Day,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), DatabaseError> {
    let name = operator.as_str();
    let lines = rows::lines_of_day(change, name, day).await?;
    let mut of_day: BTreeSet<(Uuid, Uuid)> =
        lines.iter().map(|line| (line.id, line.reference)).collect();
    for (reference, given_back) in rows::confirmed_on(change, name, day).await? {
        let id = if given_back { refund_id(reference) } else { capture_id(reference) };
        of_day.insert((id, reference));
    }
    for (id, reference) in &of_day {
        let (comparison, item) = settle(change, operator, *id, *reference, now).await?;
        report.add(comparison, item);
    }
    // What lay in suspense before may be clear by now.
    for item in open(rows::suspense(change, name, None).await?, now)? {
        if !of_day.contains(&(item.id, item.reference)) {
            settle(change, operator, item.id, item.reference, now).await?;
        }
    }
    report.suspense = open(rows::suspense(change, name, None).await?, now)?;
    [report.clearing, report.by_files] = rows::owed(change, name).await?;
    Ok(())
}

/// Compares one instruction and brings its suspense to what both sides differ by.
async fn settle(
    change: &mut Connection,
    operator: &OperatorName,
    id: Uuid,
    reference: Uuid,
    now: Timestamp,
) -> Result<(Comparison, ReportItem), DatabaseError> {
    let name = operator.as_str();
    let given_back = refund_id(reference) == id;
    let ours = match given_back || capture_id(reference) == id {
        true => rows::confirmed(change, name, reference, given_back).await?,
        false => None,
    };
    let theirs: Vec<Money> =
        rows::lines_of(change, name, id).await?.iter().map(|line| line.amount).collect();
    let kept = rows::suspense(change, name, Some(id)).await?;
    let mut wanted = differences(ours, &theirs);
    let difference = fitted(&wanted)?;
    for Item { amount, .. } in &kept {
        *wanted.entry(amount.currency.code().to_owned()).or_default() -= i128::from(amount.amount);
    }
    for ((code, amount), nth) in fitted(&wanted)?.into_iter().zip(kept.len()..) {
        let currency = currency(&code)?;
        let item = Item { id, reference, amount: Money::new(amount, currency), at: now.0 };
        put(change, operator, nth, &item).await?;
    }
    Ok((compare(ours, &theirs), ReportItem { id, reference, difference }))
}

/// The sums that are not zero.
fn fitted(sums: &BTreeMap<String, i128>) -> Result<BTreeMap<String, i64>, DatabaseError> {
    let sums = sums.iter().filter(|(_, sum)| **sum != 0);
    sums.map(|(code, sum)| {
        let sum = i64::try_from(*sum).map_err(|_| damaged("amount"))?;
        Ok((code.clone(), sum))
    })
    .collect()
}

/// Puts one amount into suspense, or takes it out, as a transfer of its own.
async fn put(
    change: &mut Connection,
    operator: &OperatorName,
    nth: usize,
    item: &Item,
) -> Result<(), DatabaseError> {
    let named = format!("suspense {} {} {nth}", operator.as_str(), item.amount.currency.code());
    let transfer = Uuid::new_v5(&item.id, named.as_bytes());
    let (currency, amount) = (item.amount.currency, item.amount.amount);
    let request = to_suspense(operator, transfer, item.reference, currency, amount);
    let request = request.ok_or_else(|| damaged("amount"))?;
    let outcomes = add(change, &[request], item.at).await?;
    match outcomes.as_slice() {
        [Ok(Outcome::Posted(_))] => {
            rows::put_suspense(change, operator.as_str(), transfer, item).await
        }
        _ => Err(damaged("suspense_item")),
    }
}

/// What is in suspense, with how long it has been since there was something.
fn open(items: Vec<Item>, now: Timestamp) -> Result<Vec<SuspenseItem>, DatabaseError> {
    let mut sums: BTreeMap<(Uuid, String), SuspenseItem> = BTreeMap::new();
    for Item { id, reference, amount, at } in items {
        let currency = amount.currency.code().to_owned();
        let since = Timestamp(at);
        let empty = SuspenseItem {
            id,
            reference,
            amount: 0,
            currency: currency.clone(),
            since,
            age_days: 0,
        };
        let item = sums.entry((id, currency)).or_insert(empty);
        if item.amount == 0 {
            item.since = since;
        }
        item.amount = item.amount.checked_add(amount.amount).ok_or_else(|| damaged("amount"))?;
        item.age_days = now.millis_since(item.since).max(0) / DAY_MS;
    }
    Ok(sums.into_values().filter(|item| item.amount != 0).collect())
}
