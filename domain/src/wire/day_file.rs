//! An operator's file of one day: a [`DayHead`], a [`DayLine`] for each movement and a [`DayFoot`],
//! each one line of JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::instruction::ActionKind;
use crate::{Money, Timestamp};

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayHead {
    /// Whose file it is.
    pub operator: String,
    /// Which day (UTC), `YYYY-MM-DD`.
    pub day: String,
}

/// A movement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayLine {
    /// The operator's number of it: never used twice, in no file.
    pub line: i64,
    /// The instruction.
    pub id: Uuid,
    /// What it was for, by the wallet company's own id.
    pub reference: Uuid,
    /// What was done.
    pub action: ActionKind,
    /// Above zero where the operator owes it, below where the wallet company does.
    pub amount: Money,
    /// When, by the operator's clock.
    pub at: Timestamp,
}

/// The last line: a file without it, or with another count or sum, was cut or damaged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayFoot {
    /// How many movements there are.
    pub lines: u64,
    /// The sum of their amounts, minor units by currency.
    pub sums: BTreeMap<String, i64>,
}
