//! The outbox's payments: at most one of a member is under way, and one code is paid once.

use domain::{Channel, MethodId, Timestamp, from_json};
use rusqlite::{OptionalExtension, Row, ToSql, Transaction, TransactionBehavior, params};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    outbox::{NotWritten, Outbox, OutboxError},
    payment::{Payment, PaymentStage},
};

/// Ended payments that are kept for each member; the server's history has them all.
const MOST_ENDED: i64 = 10;

const COLUMNS: &str = "id, code, method, made_at, stage, told, channel, amount";

impl Outbox {
    /// Writes down what `owner` begins to pay; the id of the payment that stands for it. It is on the
    /// disk when this returns. The same once more, or another payment of a code that is being paid or
    /// was, does nothing and gives the one there is; so does a code to be shown for the same method while
    /// one is shown.
    ///
    /// # Errors
    /// [`NotWritten`]; it is then not in the outbox. `TooMany`: another has not ended.
    pub fn begin_payment(&self, owner: Uuid, payment: &Payment) -> Result<Uuid, NotWritten> {
        let mut file = self.made()?;
        let connection = file.as_mut().ok_or(OutboxError)?;
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let of_id = select(&change, "id = ?1", &[&payment.id.as_bytes()])?;
        if let Some((of, before)) = of_id {
            let is_same = of == owner && before.method == payment.method;
            return is_same.then_some(before.id).ok_or(NotWritten::IdUsed);
        }
        if let Some(before) = of_code(&change, owner, payment)? {
            return Ok(before.id);
        }
        if let Some((_, before)) =
            select(&change, "owner = ?1 AND under_way", &[&owner.as_bytes()])?
        {
            // A second tap shows the same code.
            let is_shown = payment.channel != Channel::Scan && payment.channel == before.channel;
            let is_same = is_shown && before.method == payment.method;
            return is_same.then_some(before.id).ok_or(NotWritten::TooMany);
        }
        insert(&change, owner, payment)?;
        forget_oldest(&change, owner)?;
        change.commit()?;
        Ok(payment.id)
    }

    /// Keeps what became of a payment; whether that is new. It is on the disk when this returns. What
    /// has ended stays as it is.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn advance_payment(&self, payment: &Payment) -> Result<bool, OutboxError> {
        let mut file = self.file()?;
        let Some(connection) = file.as_mut() else { return Ok(false) };
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let before = select(&change, "id = ?1", &[&payment.id.as_bytes()])?;
        if !before.is_some_and(|(_, before)| before.stage.may_become(payment.stage)) {
            return Ok(false);
        }
        change.execute(
            "UPDATE payment SET stage = ?2, under_way = ?3, told = ?4 WHERE id = ?1",
            params![
                payment.id.as_bytes(),
                json(&payment.stage)?,
                payment.stage.is_under_way(),
                payment.told.as_ref().map(json).transpose()?
            ],
        )?;
        change.commit()?;
        Ok(true)
    }

    /// The payment of `owner` with this id, or without one the newest.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn payment(&self, owner: Uuid, id: Option<Uuid>) -> Result<Option<Payment>, OutboxError> {
        let mut file = self.file()?;
        let Some(connection) = file.as_mut() else { return Ok(None) };
        let read = connection.transaction()?;
        let found = match id {
            Some(id) => {
                select(&read, "owner = ?1 AND id = ?2", &[&owner.as_bytes(), &id.as_bytes()])
            }
            None => select(&read, "owner = ?1", &[&owner.as_bytes()]),
        };
        Ok(found?.map(|(_, payment)| payment))
    }
}

/// The newest payment of those wanted, and whose it is.
fn select(
    change: &Transaction<'_>,
    which: &str,
    values: &[&dyn ToSql],
) -> Result<Option<(Uuid, Payment)>, OutboxError> {
    let query =
        format!("SELECT {COLUMNS}, owner FROM payment WHERE {which} ORDER BY number DESC LIMIT 1");
    let read = |row: &Row<'_>| Ok((row.get::<_, [u8; 16]>(8).map(Uuid::from_bytes)?, payment(row)));
    let found = change.query_row(&query, values, read).optional()?;
    found.map(|(owner, payment)| Ok((owner, payment?))).transpose()
}

/// The payment of the scanned code of `payment` that is under way or done. A code that names no amount is
/// paid again and again.
fn of_code(
    change: &Transaction<'_>,
    owner: Uuid,
    payment: &Payment,
) -> Result<Option<Payment>, OutboxError> {
    let Some(code) = &payment.code else { return Ok(None) };
    let found = select(change, "owner = ?1 AND code = ?2", &[&owner.as_bytes(), &code])?;
    let stands = |before: &Payment| {
        let is_done = before.stage == PaymentStage::Done && before.amount.is_none();
        before.amount == payment.amount && (before.stage.is_under_way() || is_done)
    };
    Ok(found.map(|(_, before)| before).filter(stands))
}

fn insert(change: &Transaction<'_>, owner: Uuid, payment: &Payment) -> Result<(), OutboxError> {
    change.execute(
        "INSERT INTO payment (owner, id, code, method, made_at, stage, under_way, told, channel,
            amount)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            owner.as_bytes(),
            payment.id.as_bytes(),
            // Empty where none was scanned; a code that is shown is never on the disk.
            payment.code.as_deref().unwrap_or_default(),
            payment.method.0,
            payment.made_at.0,
            json(&payment.stage)?,
            payment.stage.is_under_way(),
            payment.told.as_ref().map(json).transpose()?,
            json(&payment.channel)?,
            payment.amount.as_ref().map(json).transpose()?
        ],
    )?;
    Ok(())
}

fn forget_oldest(change: &Transaction<'_>, owner: Uuid) -> Result<(), rusqlite::Error> {
    let delete = "DELETE FROM payment WHERE number IN (
             SELECT number FROM payment WHERE owner = ?1 AND NOT under_way
             ORDER BY number DESC LIMIT -1 OFFSET ?2)";
    change.execute(delete, params![owner.as_bytes(), MOST_ENDED]).map(drop)
}

fn payment(row: &Row<'_>) -> Result<Payment, OutboxError> {
    let (told, amount): (Option<String>, Option<String>) = (row.get(5)?, row.get(7)?);
    let code = Some(row.get(1)?).filter(|code: &String| !code.is_empty());
    let channel = match (row.get::<_, String>(6)?, &code) {
        (word, Some(_)) if word.is_empty() => Channel::Scan,
        (word, None) if word.is_empty() => Channel::Code,
        (word, _) => parsed(&word)?,
    };
    Ok(Payment {
        id: Uuid::from_bytes(row.get(0)?),
        channel,
        code,
        amount: amount.as_deref().map(parsed).transpose()?,
        method: MethodId(row.get(2)?),
        made_at: Timestamp(row.get(3)?),
        stage: parsed(&row.get::<_, String>(4)?)?,
        told: told.as_deref().map(parsed).transpose()?,
    })
}

fn json(value: &impl Serialize) -> Result<String, OutboxError> {
    serde_json::to_string(value).map_err(|_| OutboxError)
}

fn parsed<T: DeserializeOwned>(text: &str) -> Result<T, OutboxError> {
    from_json(text).map_err(|_| OutboxError)
}
