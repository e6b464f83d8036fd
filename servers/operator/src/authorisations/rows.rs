//! Instructions in the database: each decided once, with its booking and its callbacks.

use domain::{
    Money, Timestamp,
    wire::{Action, ActionKind, Confirmation, Decline, Grant, Instruction, LinkedTo},
};
use server_kit::{
    Answers, Database, DatabaseError, Script, Statement, currency, damaged, from_word, hex, json,
    word,
};
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    rules,
    standing::{ask_authorised, ask_standing, authorised, standing},
};
use crate::{callbacks, grants, product::Product, sandbox::Sandbox};

/// What an instruction is answered.
#[derive(Clone)]
pub enum Instructed {
    /// It was decided now.
    Now(Confirmation),
    /// It was decided before.
    Before(Confirmation),
    /// Its id was used for something else.
    OtherContent,
}

/// What was decided, and on which account or card.
struct Decided {
    linked: Option<LinkedTo>,
    amount: Option<Money>,
    declined: Option<Decline>,
}

#[derive(FromRow)]
struct InstructionRow {
    id: String,
    reference: String,
    action: String,
    content: Option<String>,
    amount: Option<i64>,
    currency: Option<String>,
    at: i64,
    declined: Option<String>,
}

const BY_ID: &str = "SELECT id, reference, action, content, amount, currency, at, declined
    FROM instruction WHERE id = $1";

fn by_id(id: Uuid) -> Statement {
    Statement::new(BY_ID).bind(id.to_string())
}

/// Decides `instruction`, or says what was decided of it before. What it names is not touched unless
/// `grant` opens it.
pub async fn instruct(
    database: &Database,
    sandbox: Sandbox,
    instruction: &Instruction,
    grant: Option<&Grant>,
    now: Timestamp,
) -> Result<Instructed, DatabaseError> {
    let content = &content(instruction)?;
    database
        .transaction_after(&question(instruction, grant, now), |change, mut answers| async move {
            if let Some(row) = answers.row::<InstructionRow>()? {
                return change.keep(answered(row, content)?);
            }
            let (decided, mut rows) = decide(&mut answers, instruction, grant, now)?;
            let declined = decided.declined.or_else(|| sandbox.decline(&instruction.action));
            let decided = Decided { declined, ..decided };
            let confirmation = confirmation(instruction, &decided, now);
            let of = instruction.action.of();
            rows.add(put(&confirmation, content, of, &decided.linked)?);
            book(&confirmation, &decided).into_iter().for_each(|booking| rows.add(booking));
            for callback in sandbox.callbacks(&confirmation) {
                rows.add(callbacks::put(&callback, now)?);
            }
            change.keep_after(rows, Instructed::Now(confirmation))
        })
        .await
}

/// Asks for what has to be known to decide `instruction`.
fn question(instruction: &Instruction, grant: Option<&Grant>, now: Timestamp) -> Script {
    let mut asked = Script::from([by_id(instruction.id)]);
    if let Some((linked, grant)) = instruction.action.linked().zip(grant) {
        let (product, id) = Product::of(linked);
        asked.add(grants::opening(grant, product, id));
        asked.extend(ask_standing(linked, now).into());
    }
    if let Some(of) = instruction.action.of() {
        asked.extend([by_id(of), ask_authorised(of)].into());
    }
    asked
}

/// What was decided of the instruction with this id.
pub async fn look_up(database: &Database, id: Uuid) -> Result<Option<Confirmation>, DatabaseError> {
    let mut answers = database.read(&[by_id(id)].into()).await?;
    answers.row::<InstructionRow>()?.map(Confirmation::try_from).transpose()
}

fn content(instruction: &Instruction) -> Result<String, DatabaseError> {
    Ok(hex(&Sha256::digest(json(instruction)?)))
}

fn answered(row: InstructionRow, content: &str) -> Result<Instructed, DatabaseError> {
    let is_other = row.content.as_deref().is_some_and(|before| before != content);
    if is_other { Ok(Instructed::OtherContent) } else { row.try_into().map(Instructed::Before) }
}

impl TryFrom<InstructionRow> for Confirmation {
    type Error = DatabaseError;

    fn try_from(row: InstructionRow) -> Result<Self, DatabaseError> {
        let uuid = |text: &str| text.parse().map_err(|_| damaged("id"));
        let currency = row.currency.as_deref().map(currency);
        let declined = row.declined.map(|word| from_word(&word, "declined"));
        Ok(Self {
            id: uuid(&row.id)?,
            reference: uuid(&row.reference)?,
            action: ActionKind::from_word(&row.action).ok_or_else(|| damaged("action"))?,
            amount: row
                .amount
                .zip(currency.transpose()?)
                .map(|(amount, currency)| Money::new(amount, currency)),
            at: Timestamp(row.at),
            declined: declined.transpose()?,
        })
    }
}

/// What is decided by the answers to its [`question`], and the rows that this alone adds.
fn decide(
    answers: &mut Answers,
    instruction: &Instruction,
    grant: Option<&Grant>,
    now: Timestamp,
) -> Result<(Decided, Script), DatabaseError> {
    let mut rows = Script::default();
    if let Some(linked) = instruction.action.linked() {
        let is_opened = grant.is_some() && answers.row::<(i64,)>()?.is_some();
        if !is_opened {
            return Ok((not_granted(linked, instruction), rows));
        }
    }
    let decided = match &instruction.action {
        Action::Authorise { from: linked, amount } | Action::Withdraw { from: linked, amount } => {
            let standing = standing(answers)?;
            of(linked, *amount, rules::take(standing.as_ref(), *amount, now))
        }
        Action::Deposit { to: linked, amount } => {
            let standing = standing(answers)?;
            of(linked, *amount, rules::put(standing.as_ref(), *amount))
        }
        Action::Capture { amount, .. } => {
            let (_, found) = before(answers)?;
            let judged = rules::capture(found.as_ref().map(|(of, _)| of), *amount, now);
            of_authorised(found, Some(*amount), judged)
        }
        Action::Refund { amount, .. } => {
            let (_, found) = before(answers)?;
            let judged = rules::refund(found.as_ref().map(|(of, _)| of), *amount);
            of_authorised(found, Some(*amount), judged)
        }
        Action::Void { of } => {
            let (has_come, found) = before(answers)?;
            if has_come {
                let judged = rules::void(found.as_ref().map(|(of, _)| of));
                of_authorised(found, None, judged)
            } else {
                rows.add(declined_in_advance(*of, instruction.reference, now)?);
                Decided { linked: None, amount: None, declined: None }
            }
        }
    };
    Ok((decided, rows))
}

/// Whether the authorisation that an instruction names has come, and what it is if it was granted.
fn before(
    answers: &mut Answers,
) -> Result<(bool, Option<(rules::Authorised, LinkedTo)>), DatabaseError> {
    Ok((answers.row::<InstructionRow>()?.is_some(), authorised(answers)?))
}

fn not_granted(linked: &LinkedTo, instruction: &Instruction) -> Decided {
    let declined = Some(Decline::NotGranted);
    Decided { linked: Some(linked.clone()), amount: instruction.action.amount(), declined }
}

fn of(linked: &LinkedTo, amount: Money, judged: Result<(), Decline>) -> Decided {
    Decided { linked: Some(linked.clone()), amount: Some(amount), declined: judged.err() }
}

fn of_authorised(
    found: Option<(rules::Authorised, LinkedTo)>,
    amount: Option<Money>,
    judged: Result<(), Decline>,
) -> Decided {
    let amount = amount.or_else(|| found.as_ref().map(|(of, _)| of.amount));
    Decided { linked: found.map(|(_, linked)| linked), amount, declined: judged.err() }
}

/// An authorisation that has not come yet is declined in advance: when its answer was lost, nobody
/// can say whether it is still under way.
fn declined_in_advance(
    id: Uuid,
    reference: Uuid,
    now: Timestamp,
) -> Result<Statement, DatabaseError> {
    let put = "INSERT INTO instruction (id, reference, action, at, declined)
         VALUES ($1, $2, 'authorise', $3, $4)";
    Ok(Statement::new(put)
        .bind(id.to_string())
        .bind(reference.to_string())
        .bind(now.0)
        .bind(word(Decline::AlreadyEnded)?))
}

fn confirmation(instruction: &Instruction, decided: &Decided, now: Timestamp) -> Confirmation {
    Confirmation {
        id: instruction.id,
        reference: instruction.reference,
        action: instruction.action.kind(),
        amount: decided.amount,
        at: now,
        declined: decided.declined,
    }
}

fn put(
    confirmation: &Confirmation,
    content: &str,
    of: Option<Uuid>,
    linked: &Option<LinkedTo>,
) -> Result<Statement, DatabaseError> {
    let (product, held_id) = linked.as_ref().map(Product::of).unzip();
    let put =
        "INSERT INTO instruction (id, reference, action, content, held_by, held_id, of_id, amount,
            currency, at, declined) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    Ok(Statement::new(put)
        .bind(confirmation.id.to_string())
        .bind(confirmation.reference.to_string())
        .bind(confirmation.action.word())
        .bind(content)
        .bind(product.map(Product::word))
        .bind(held_id)
        .bind(of.map(|of| of.to_string()))
        .bind(confirmation.amount.map(|money| money.amount))
        .bind(confirmation.amount.map(|money| money.currency.code()))
        .bind(confirmation.at.0)
        .bind(confirmation.declined.map(word).transpose()?))
}

/// Books what moved, if something did: what is taken lessens an account and adds to what is owed on a
/// card.
fn book(confirmation: &Confirmation, decided: &Decided) -> Option<Statement> {
    let (Some(amount), Some(linked), None) = (decided.amount, &decided.linked, decided.declined)
    else {
        return None;
    };
    let (product, id) = Product::of(linked);
    let table = product.word();
    let taken = confirmation.action.owed(amount.amount);
    if taken == 0 {
        return None;
    }
    let booked = match product {
        Product::Account => taken.saturating_neg(),
        Product::Card => taken,
    };
    let put = format!(
        "INSERT INTO {table}_booking ({table}_id, at, amount, text, instruction_id)
         VALUES ($1, $2, $3, $4, $5)"
    );
    let booking = Statement::new(put)
        .bind(id)
        .bind(confirmation.at.0)
        .bind(booked)
        .bind(if taken > 0 { "To the wallet" } else { "From the wallet" })
        .bind(confirmation.id.to_string());
    Some(booking)
}
