//! Instructions in the database: each decided once, with its booking and its callbacks.

use domain::{
    Money, Timestamp,
    wire::{Action, ActionKind, Confirmation, Decline, Instruction, LinkedTo},
};
use server_kit::{
    Change, Connection, Database, DatabaseError, currency, damaged, from_word, hex, json, word,
};
use sha2::{Digest, Sha256};
use sqlx::{Any, AssertSqlSafe, Executor, FromRow, query, query_as};
use uuid::Uuid;

use super::{
    rules,
    standing::{authorised, standing},
};
use crate::{callbacks, product::Product, sandbox::Sandbox};

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

async fn by_id<'c>(
    on: impl Executor<'c, Database = Any>,
    id: Uuid,
) -> Result<Option<InstructionRow>, DatabaseError> {
    query_as(BY_ID).bind(id.to_string()).fetch_optional(on).await
}

/// Decides `instruction`, or says what was decided of it before. What it names is not touched unless
/// it `is_opened` to who asks.
pub async fn instruct(
    database: &Database,
    sandbox: Sandbox,
    instruction: &Instruction,
    is_opened: bool,
    now: Timestamp,
) -> Result<Instructed, DatabaseError> {
    let content = &content(instruction)?;
    database
        .transaction(|mut change: Change| async move {
            if let Some(row) = by_id(&mut *change, instruction.id).await? {
                return change.keep(answered(row, content)?);
            }
            let decided = match instruction.action.linked() {
                Some(linked) if !is_opened => not_granted(linked, instruction),
                _ => decide(&mut change, sandbox, instruction, now).await?,
            };
            let confirmation = confirmation(instruction, &decided, now);
            put(&mut change, &confirmation, content, instruction.action.of(), &decided.linked)
                .await?;
            book(&mut change, &confirmation, &decided).await?;
            for callback in sandbox.callbacks(&confirmation) {
                callbacks::put(&mut change, &callback, now).await?;
            }
            change.keep(Instructed::Now(confirmation))
        })
        .await
}

/// What was decided of the instruction with this id.
pub async fn look_up(database: &Database, id: Uuid) -> Result<Option<Confirmation>, DatabaseError> {
    by_id(database.reads(), id).await?.map(Confirmation::try_from).transpose()
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

async fn decide(
    change: &mut Connection,
    sandbox: Sandbox,
    instruction: &Instruction,
    now: Timestamp,
) -> Result<Decided, DatabaseError> {
    let decided = match &instruction.action {
        Action::Authorise { from: linked, amount } | Action::Withdraw { from: linked, amount } => {
            let standing = standing(change, linked, now).await?;
            of(linked, *amount, rules::take(standing.as_ref(), *amount, now))
        }
        Action::Deposit { to: linked, amount } => {
            let standing = standing(change, linked, now).await?;
            of(linked, *amount, rules::put(standing.as_ref(), *amount))
        }
        Action::Capture { of, amount } => {
            let found = authorised(change, &of.to_string()).await?;
            let judged = rules::capture(found.as_ref().map(|(of, _)| of), *amount, now);
            of_authorised(found, Some(*amount), judged)
        }
        Action::Refund { of, amount } => {
            let found = authorised(change, &of.to_string()).await?;
            let judged = rules::refund(found.as_ref().map(|(of, _)| of), *amount);
            of_authorised(found, Some(*amount), judged)
        }
        Action::Void { of } => void(change, instruction, *of, now).await?,
    };
    let declined = decided.declined.or_else(|| sandbox.decline(&instruction.action));
    Ok(Decided { declined, ..decided })
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
async fn void(
    change: &mut Connection,
    instruction: &Instruction,
    of: Uuid,
    now: Timestamp,
) -> Result<Decided, DatabaseError> {
    let found = authorised(change, &of.to_string()).await?;
    if by_id(&mut *change, of).await?.is_some() {
        let judged = rules::void(found.as_ref().map(|(of, _)| of));
        return Ok(of_authorised(found, None, judged));
    }
    query(
        "INSERT INTO instruction (id, reference, action, at, declined)
         VALUES ($1, $2, 'authorise', $3, $4)",
    )
    .bind(of.to_string())
    .bind(instruction.reference.to_string())
    .bind(now.0)
    .bind(word(Decline::AlreadyEnded)?)
    .execute(change)
    .await?;
    Ok(Decided { linked: None, amount: None, declined: None })
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

async fn put(
    change: &mut Connection,
    confirmation: &Confirmation,
    content: &str,
    of: Option<Uuid>,
    linked: &Option<LinkedTo>,
) -> Result<(), DatabaseError> {
    let (product, held_id) = linked.as_ref().map(Product::of).unzip();
    query(
        "INSERT INTO instruction (id, reference, action, content, held_by, held_id, of_id, amount,
            currency, at, declined) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
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
    .bind(confirmation.declined.map(word).transpose()?)
    .execute(change)
    .await?;
    Ok(())
}

/// Books what moved: what is taken lessens an account and adds to what is owed on a card.
async fn book(
    change: &mut Connection,
    confirmation: &Confirmation,
    decided: &Decided,
) -> Result<(), DatabaseError> {
    let (Some(amount), Some(linked), None) = (decided.amount, &decided.linked, decided.declined)
    else {
        return Ok(());
    };
    let (product, id) = Product::of(linked);
    let table = product.word();
    let taken = confirmation.action.owed(amount.amount);
    if taken == 0 {
        return Ok(());
    }
    let booked = match product {
        Product::Account => taken.saturating_neg(),
        Product::Card => taken,
    };
    let statement = AssertSqlSafe(format!(
        "INSERT INTO {table}_booking ({table}_id, at, amount, text, instruction_id)
         VALUES ($1, $2, $3, $4, $5)"
    ));
    query(statement)
        .bind(id)
        .bind(confirmation.at.0)
        .bind(booked)
        .bind(if taken > 0 { "To the wallet" } else { "From the wallet" })
        .bind(confirmation.id.to_string())
        .execute(change)
        .await?;
    Ok(())
}
