//! What the rule is asked: stores in question, methods, a scanned code, and the member's wishes.

use serde::{Deserialize, Serialize};

use crate::{Accepted, Currency, Money, Registered, Store, Timestamp};

/// Which of the usable methods the member wants to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// All of them, the most used first.
    #[default]
    All,
    /// Only the one used most often.
    MostUsed,
    /// Only the one with the largest balance in the currency asked for; when none is known in that
    /// currency, the most used.
    LargestBalance,
}

/// What the member asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Now.
    pub now: Timestamp,
    /// The amount to be paid, when it is known. That of a scanned code is asked in its place.
    pub amount: Option<Money>,
    /// Whether the phone can do contactless.
    pub phone_has_nfc: bool,
    /// Which of the usable methods are wanted.
    pub choice: Choice,
}

impl Ask {
    /// No amount, a phone with NFC, all usable methods.
    pub const fn at(now: Timestamp) -> Self {
        Self { now, amount: None, phone_has_nfc: true, choice: Choice::All }
    }
}

/// A store in question.
#[derive(Clone, Copy, Debug)]
pub struct StoreInQuestion<'a> {
    /// How likely this is the store, 0 to 1. Those of all stores in question may add up to less
    /// than 1: the member may be at none of them.
    pub probability: f64,
    /// What the store takes.
    pub accepted: &'a Accepted,
    /// The currency of its till.
    pub currency: Currency,
}

impl<'a> StoreInQuestion<'a> {
    /// A store of the register that is in question with this probability.
    pub const fn new(store: &'a Store, probability: f64) -> Self {
        Self { probability, accepted: &store.accepted, currency: store.currency }
    }
}

/// What a code scanned at the till says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeSays {
    /// What can be paid by it.
    pub accepted: Accepted,
    /// The amount it asks for.
    pub amount: Option<Money>,
}

/// Everything the rule is asked over.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The stores in question, in any order.
    pub stores: &'a [StoreInQuestion<'a>],
    /// The member's methods.
    pub registered: &'a [Registered],
    /// What the code scanned at this till says, if one was.
    pub code: Option<&'a CodeSays>,
    /// What the member asks.
    pub ask: &'a Ask,
}
