//! What is asked of every method alike, decided once for a question.

use super::question::{Ask, Choice, Question};
use crate::{Currency, Money, Timestamp};

/// What is asked of every method alike.
pub(super) struct Terms {
    pub now: Timestamp,
    pub amount: Option<Money>,
    pub phone_has_nfc: bool,
    pub choice: Choice,
    /// The currency of the till, by which balances are compared; `None` when the stores in question
    /// have different ones.
    pub currency: Option<Currency>,
}

impl Terms {
    pub fn of(question: &Question<'_>) -> Self {
        let Ask { now, amount, phone_has_nfc, choice } = *question.ask;
        let mut currencies = question.stores.iter().map(|store| store.currency);
        let first = currencies.next();
        Self {
            now,
            amount: question.code.and_then(|code| code.amount).or(amount),
            phone_has_nfc,
            choice,
            currency: first.filter(|first| currencies.all(|other| other == *first)),
        }
    }
}
