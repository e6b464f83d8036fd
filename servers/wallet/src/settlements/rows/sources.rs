//! What settlements and refunds under way take the money from, and what operators said of it.

use domain::{
    Money, Timestamp,
    wire::{LinkedTo, Settlement, SettlementFailure},
};
use ledger::OperatorName;
use server_kit::{Answers, Database, DatabaseError, Script, Statement, currency, damaged, word};
use sqlx::{FromRow, query, query_as};
use uuid::Uuid;

use super::settlements::{SETTLEMENT, SettlementRow};
use crate::{
    operators::Debit,
    wallets::{ask_done, is_done},
};

/// Where the money comes from.
pub enum Source {
    /// A wallet, by its owner in the ledger.
    Wallet(Uuid),
    /// An account or card.
    Operator(Debit),
    /// The method was removed before the member agreed.
    Gone,
}

/// A settlement with what only its pursuit needs.
pub struct Pursued {
    /// As the member sees it.
    pub settlement: Settlement,
    /// Whose it is.
    pub member_id: String,
    /// What pays it.
    pub source: Source,
    /// Whether the till or the member wants it no more.
    pub given_up: bool,
    /// Whether something was done under its id.
    pub is_done: bool,
}

/// What became of an approved settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The money was taken; by an operator when that was by its clock.
    Captured(Option<Timestamp>),
    /// Nothing was taken, for this reason.
    Failed(SettlementFailure),
    /// Nothing was taken, since it was given up.
    Void,
}

#[derive(FromRow)]
struct SourceRow {
    operator: Option<String>,
    held_by: Option<String>,
    held_id: Option<String>,
    amount: i64,
    currency: String,
    given_up: i64,
}

impl SourceRow {
    fn source(self, id: Uuid) -> Result<Source, DatabaseError> {
        let (Some(held_by), Some(held_id)) = (self.held_by, self.held_id) else {
            return Ok(Source::Gone);
        };
        let from = match held_by.as_str() {
            "wallet" => {
                return held_id.parse().map(Source::Wallet).map_err(|_| damaged("held_id"));
            }
            "account" => LinkedTo::Account { id: held_id },
            _ => LinkedTo::Card { id: held_id },
        };
        let operator = OperatorName::new(self.operator.as_deref().unwrap_or_default())
            .map_err(|_| damaged("operator"))?;
        let amount = Money::new(self.amount, currency(&self.currency)?);
        Ok(Source::Operator(Debit { id, operator, from, amount }))
    }
}

#[derive(FromRow)]
struct PursuedRow {
    #[sqlx(flatten)]
    settlement: SettlementRow,
    #[sqlx(flatten)]
    source: SourceRow,
}

async fn row(database: &Database, id: Uuid) -> Result<Option<SourceRow>, DatabaseError> {
    query_as(
        "SELECT operator, held_by, held_id, amount, currency, given_up FROM settlement
         WHERE id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(database.reads())
    .await
}

/// Asks for the settlement with this id, for its pursuit, and whether something was done under its id.
pub fn ask(id: Uuid) -> [Statement; 2] {
    [by_id(id), ask_done(id)]
}

fn by_id(id: Uuid) -> Statement {
    Statement::new(format!("{SETTLEMENT} WHERE s.id = $1")).bind(id.to_string())
}

/// The answer to [`ask`].
pub fn pursued(
    answers: &mut Answers,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<Pursued>, DatabaseError> {
    let (row, is_done) = (answers.row()?, is_done(answers)?);
    let Some(PursuedRow { settlement, source }) = row else { return Ok(None) };
    let (member_id, given_up) = (settlement.member_id.clone(), source.given_up == 1);
    let (settlement, source) = (settlement.settlement(now)?, source.source(id)?);
    Ok(Some(Pursued { settlement, member_id, source, given_up, is_done }))
}

/// What paid the settlement with this id.
pub async fn source(database: &Database, id: Uuid) -> Result<Source, DatabaseError> {
    row(database, id).await?.map_or(Ok(Source::Gone), |row| row.source(id))
}

/// The till or the member wants a settlement no more that an operator has not taken yet. `false` where
/// nothing can be given up any more.
pub async fn give_up(database: &Database, id: Uuid) -> Result<bool, DatabaseError> {
    let marked = query(
        "UPDATE settlement SET given_up = 1
         WHERE id = $1 AND state = 'pending' AND held_by IN ('account', 'card')",
    )
    .bind(id.to_string())
    .execute(database.reads())
    .await?;
    Ok(marked.rows_affected() > 0)
}

/// What became at `now` of an approved settlement, and what it is then; the method counts one use more where
/// it paid.
pub async fn end(
    database: &Database,
    id: Uuid,
    ended: Ended,
    now: Timestamp,
) -> Result<Option<Settlement>, DatabaseError> {
    let (state, reason, captured_at, taken_at) = match ended {
        Ended::Captured(taken_at) => ("captured", None, Some(now), taken_at),
        Ended::Failed(reason) => ("failed", Some(word(reason)?), None, None),
        Ended::Void => ("void", None, None, None),
    };
    let mut script = Script::default();
    if captured_at.is_some() {
        // Before it has ended: told again, it is no other use.
        let counted = "UPDATE method SET times_used = times_used + 1 WHERE (member_id, id) IN
            (SELECT member_id, method_id FROM settlement WHERE id = $1 AND state = 'pending')";
        script.add(Statement::new(counted).bind(id.to_string()));
    }
    let end = "UPDATE settlement SET state = $1, reason = $2, captured_at = $3, taken_at = $4
        WHERE id = $5 AND state = 'pending'";
    script.add(
        Statement::new(end)
            .bind(state)
            .bind(reason)
            .bind(captured_at.map(|at| at.0))
            .bind(taken_at.map(|at| at.0))
            .bind(id.to_string()),
    );
    script.add(by_id(id));
    let mut answers = database.write(&script).await?;
    if captured_at.is_some() {
        answers.changed()?;
    }
    answers.changed()?;
    answers.row::<SettlementRow>()?.map(|row| row.settlement(now)).transpose()
}
