//! What the member asks of the rule, kept between calls.

use std::sync::{Mutex, PoisonError};

use domain::{
    Ask, Choice, Currency, Money, Timestamp,
    wire::{EntryRequest, SensedSign},
};

/// What the member asks of the rule.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct MemberAsk {
    /// The amount to be paid in the minor unit of `currency`, when it is known.
    pub amount_minor: Option<i64>,
    /// ISO 4217 code of the amount; ignored without one.
    pub currency: Option<String>,
    /// Which of the usable methods to show.
    pub choice: ChoiceKind,
    /// Whether the phone can do contactless.
    pub phone_has_nfc: bool,
}

/// Which of the usable methods to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ChoiceKind {
    /// All, the most used first.
    All,
    /// Only the most used.
    MostUsed,
    /// Only the one with the largest balance.
    LargestBalance,
}

/// The member's present ask.
pub(super) struct Asked {
    /// Always one whole [`MemberAsk`]; nothing else is locked while it is held.
    ask: Mutex<Ask>,
}

impl Default for Asked {
    fn default() -> Self {
        Self { ask: Ask::at(Timestamp(0)).into() }
    }
}

impl Asked {
    /// Replaces the ask. An amount in an unknown currency (ISO 4217) is ignored.
    pub fn set(&self, asked: &MemberAsk) {
        let currency = asked.currency.as_deref().and_then(Currency::from_code);
        let amount = asked.amount_minor.zip(currency);
        let ask = Ask {
            amount: amount.map(|(minor, currency)| Money::new(minor, currency)),
            choice: match asked.choice {
                ChoiceKind::All => Choice::All,
                ChoiceKind::MostUsed => Choice::MostUsed,
                ChoiceKind::LargestBalance => Choice::LargestBalance,
            },
            phone_has_nfc: asked.phone_has_nfc,
            now: Timestamp(0),
        };
        *self.ask.lock().unwrap_or_else(PoisonError::into_inner) = ask;
    }

    /// The ask at `now`.
    pub fn at(&self, now: Timestamp) -> Ask {
        Ask { now, ..self.ask.lock().unwrap_or_else(PoisonError::into_inner).clone() }
    }

    /// The question for the server's judgement on a sign this phone does not know.
    pub fn about(&self, sensed: SensedSign) -> EntryRequest {
        let Ask { amount, phone_has_nfc, choice, .. } = self.at(Timestamp(0));
        EntryRequest { sensed, amount, phone_has_nfc, choice }
    }
}
