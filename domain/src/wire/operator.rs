//! What the settlement operator server and the wallet company say to each other.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{MethodKind, Money, Ride, Timestamp};

/// The header that shows a [`Grant`] with every call about its account or card.
pub const GRANT_HEADER: &str = "account-grant";

/// What opens one account or card to one holder: made by the operator when a link code is used,
/// shown with every call, void once the link is undone. A secret, so it is never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grant(String);

impl Grant {
    /// The grant with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Its text, to be sent to the operator or sealed, and for nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Grant")
    }
}

/// Asks the settlement operator whose account or card a link code is.
#[derive(Clone, Serialize, Deserialize)]
pub struct LinkRequest {
    /// The link code.
    pub code: String,
    /// The wallet company's opaque name for the holder: the code belongs to the first that asks.
    pub holder: String,
}

/// The account or card of a link code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// Which.
    #[serde(flatten)]
    pub to: LinkedTo,
    /// What it is to the member.
    pub kind: MethodKind,
    /// The name of the account or card.
    pub name: String,
    /// The last four digits of its number.
    pub number_end: String,
    /// How it can be used at a till.
    pub rides: Vec<Ride>,
    /// What opens it from now on. Every answer has another one.
    pub grant: Grant,
}

/// What a link code stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "held_by", rename_all = "snake_case")]
pub enum LinkedTo {
    /// An account.
    Account {
        /// The operator's id of it.
        id: String,
    },
    /// A card.
    Card {
        /// The operator's id of it.
        id: String,
    },
}

/// An account at a bank, as its settlement operator server tells the wallet company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The operator's own id.
    pub id: String,
    /// Whose it is; empty where the operator does not say.
    #[serde(default)]
    pub owner: String,
    /// The name of the account.
    pub name: String,
    /// The last four digits of its number.
    pub number_end: String,
    /// What is on it.
    pub balance: Money,
    /// Whether the operator blocked it.
    pub blocked: bool,
}

/// A card, as its settlement operator server tells the wallet company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The operator's own id.
    pub id: String,
    /// Whose it is; empty where the operator does not say.
    #[serde(default)]
    pub owner: String,
    /// The name of the card.
    pub name: String,
    /// The last four digits of its number.
    pub number_end: String,
    /// The first instant at which it is no longer valid.
    pub expires_at: Timestamp,
    /// The most that may be owed on it.
    pub limit: Money,
    /// What is owed on it now.
    pub used: Money,
    /// Whether the operator blocked it.
    pub blocked: bool,
}

/// Bookings of an account (deposits above zero, withdrawals below) or of a card (uses above zero,
/// repayments below).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The newest first.
    pub bookings: Vec<Booking>,
    /// What to ask `before` for the next page; `None` when there is none.
    pub next: Option<i64>,
}

/// One line of a [`History`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Grows with every booking of the operator.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// How much.
    pub amount: Money,
    /// What was on the account, or owed on the card, with this booking.
    pub left: Money,
    /// What for, as the statement says it.
    pub text: String,
}
