//! What a reconciliation came to, for people and for programs.

use std::{collections::BTreeMap, fmt};

use domain::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::rules::Comparison;

/// What a day of an operator came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The operator.
    pub operator: String,
    /// The day (UTC).
    pub day: String,
    /// Lines of the file.
    pub lines: u64,
    /// Of them, those that no file had before.
    pub new_lines: u64,
    /// Instructions on which both sides say the same.
    pub matched: u64,
    /// Those of which the operator says nothing.
    pub ours_only: Vec<ReportItem>,
    /// Those of which the ledger has nothing.
    pub theirs_only: Vec<ReportItem>,
    /// Those whose amounts or currencies differ.
    pub differs: Vec<ReportItem>,
    /// Those that the operator says more than once.
    pub duplicate: Vec<ReportItem>,
    /// All that is in suspense of this operator, whatever the day.
    pub suspense: Vec<SuspenseItem>,
    /// What the operator owes by the ledger, minor units by currency.
    pub clearing: BTreeMap<String, i64>,
    /// What it owes by all lines of all its files so far.
    pub by_files: BTreeMap<String, i64>,
}

/// An instruction on which both sides do not say the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportItem {
    /// The instruction.
    pub id: Uuid,
    /// The deposit.
    pub reference: Uuid,
    /// By how much the operator says more, minor units by currency.
    pub difference: BTreeMap<String, i64>,
}

/// What lies in suspense for an instruction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SuspenseItem {
    /// The instruction.
    pub id: Uuid,
    /// The deposit.
    pub reference: Uuid,
    /// Above zero what the operator says more, minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// Since when.
    pub since: Timestamp,
    /// Whole days since then.
    pub age_days: i64,
}

impl Report {
    /// Counts what an instruction came to.
    pub fn add(&mut self, comparison: Comparison, item: ReportItem) {
        match comparison {
            Comparison::Matched => self.matched += 1,
            Comparison::OursOnly => self.ours_only.push(item),
            Comparison::TheirsOnly => self.theirs_only.push(item),
            Comparison::Differs => self.differs.push(item),
            Comparison::Duplicate => self.duplicate.push(item),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operator, day, lines, new_lines, matched, .. } = self;
        writeln!(f, "operator {operator}, {day}: {lines} lines, {new_lines} of them new")?;
        writeln!(f, "matched {matched}")?;
        for (word, items) in [
            ("ours only", &self.ours_only),
            ("theirs only", &self.theirs_only),
            ("differs", &self.differs),
            ("duplicate", &self.duplicate),
        ] {
            writeln!(f, "{word} {}", items.len())?;
            for ReportItem { id, reference, difference } in items {
                writeln!(f, "  {id} of {reference}: {}", shown(difference))?;
            }
        }
        writeln!(f, "suspense {}", self.suspense.len())?;
        for item in &self.suspense {
            let SuspenseItem { id, amount, currency, age_days, .. } = item;
            writeln!(f, "  {id}: {amount:+} {currency}, {age_days} days old")?;
        }
        writeln!(f, "owed by the ledger: {}", shown(&self.clearing))?;
        writeln!(f, "owed by the files:  {}", shown(&self.by_files))
    }
}

fn shown(sums: &BTreeMap<String, i64>) -> String {
    let sums: Vec<String> = sums.iter().map(|(code, sum)| format!("{sum:+} {code}")).collect();
    if sums.is_empty() { "nothing".to_owned() } else { sums.join(", ") }
}
