//! What the wallet company instructs a settlement operator to do with money, and what became of it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::operator::LinkedTo;
use crate::{Money, Timestamp};

/// One instruction. The same one under the same id has one effect and always the same
/// [`Confirmation`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instruction {
    /// Made by the wallet company, and stored there before it is first sent.
    pub id: Uuid,
    /// What it is for, by the wallet company's own id (of a deposit); all instructions of one have it.
    pub reference: Uuid,
    /// What to do.
    #[serde(flatten)]
    pub action: Action,
}

/// What to do. Amounts are above zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Reserve an amount, for seven days.
    Authorise {
        /// The account or card.
        from: LinkedTo,
        /// How much.
        amount: Money,
    },
    /// Take what was authorised, or a part; the rest is free again.
    Capture {
        /// The authorisation.
        of: Uuid,
        /// At most what was authorised.
        amount: Money,
    },
    /// Free what was authorised. An authorisation that comes after its void is declined.
    Void {
        /// The authorisation.
        of: Uuid,
    },
    /// Give back what was captured, or a part.
    Refund {
        /// The authorisation.
        of: Uuid,
        /// With the refunds before it, at most what was captured.
        amount: Money,
    },
    /// Put an amount on an account, or repay it on a card.
    Deposit {
        /// The account or card.
        to: LinkedTo,
        /// How much.
        amount: Money,
    },
    /// Take an amount at once.
    Withdraw {
        /// The account or card.
        from: LinkedTo,
        /// How much.
        amount: Money,
    },
}

impl Action {
    /// Its kind.
    pub const fn kind(&self) -> ActionKind {
        match self {
            Self::Authorise { .. } => ActionKind::Authorise,
            Self::Capture { .. } => ActionKind::Capture,
            Self::Void { .. } => ActionKind::Void,
            Self::Refund { .. } => ActionKind::Refund,
            Self::Deposit { .. } => ActionKind::Deposit,
            Self::Withdraw { .. } => ActionKind::Withdraw,
        }
    }

    /// The amount it names.
    pub const fn amount(&self) -> Option<Money> {
        match self {
            Self::Void { .. } => None,
            Self::Authorise { amount, .. }
            | Self::Capture { amount, .. }
            | Self::Refund { amount, .. }
            | Self::Deposit { amount, .. }
            | Self::Withdraw { amount, .. } => Some(*amount),
        }
    }

    /// The authorisation it names.
    pub const fn of(&self) -> Option<Uuid> {
        match self {
            Self::Capture { of, .. } | Self::Void { of } | Self::Refund { of, .. } => Some(*of),
            _ => None,
        }
    }

    /// The account or card it names.
    pub const fn linked(&self) -> Option<&LinkedTo> {
        match self {
            Self::Authorise { from: linked, .. }
            | Self::Withdraw { from: linked, .. }
            | Self::Deposit { to: linked, .. } => Some(linked),
            _ => None,
        }
    }
}

/// The kind of an [`Action`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// [`Action::Authorise`].
    Authorise,
    /// [`Action::Capture`].
    Capture,
    /// [`Action::Void`].
    Void,
    /// [`Action::Refund`].
    Refund,
    /// [`Action::Deposit`].
    Deposit,
    /// [`Action::Withdraw`].
    Withdraw,
}

impl ActionKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Authorise, Self::Capture, Self::Void, Self::Refund, Self::Deposit, Self::Withdraw];

    /// Its word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Authorise => "authorise",
            Self::Capture => "capture",
            Self::Void => "void",
            Self::Refund => "refund",
            Self::Deposit => "deposit",
            Self::Withdraw => "withdraw",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What the operator owes the wallet company more after `amount` of it: below zero where money
    /// goes the other way, zero where none moves.
    pub const fn owed(self, amount: i64) -> i64 {
        match self {
            Self::Capture | Self::Withdraw => amount,
            Self::Refund | Self::Deposit => amount.saturating_neg(),
            Self::Authorise | Self::Void => 0,
        }
    }
}

/// What became of an instruction. It never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The instruction.
    pub id: Uuid,
    /// The instruction's own.
    pub reference: Uuid,
    /// What was to be done.
    pub action: ActionKind,
    /// What was reserved, freed or moved, or would have been; `None` where it is not known.
    pub amount: Option<Money>,
    /// When, by the operator's clock.
    pub at: Timestamp,
    /// Why it was not done; `None` when it was.
    pub declined: Option<Decline>,
}

/// Why an operator did not do as instructed. It stays with the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decline {
    /// There is no such account or card.
    NoSuchAccount,
    /// The account or card is not opened to this holder.
    NotGranted,
    /// It is blocked.
    Blocked,
    /// The card, or the authorisation, is past its validity.
    Expired,
    /// The account or authorisation is in another currency.
    OtherCurrency,
    /// The account does not hold enough.
    InsufficientFunds,
    /// The card's limit would be exceeded, or an amount not fit 64 bits.
    LimitReached,
    /// What it names is no authorisation that was granted.
    NotAuthorised,
    /// The authorisation was captured or voided before.
    AlreadyEnded,
    /// More than was authorised.
    MoreThanAuthorised,
    /// With the refunds before it, more than was captured.
    MoreThanCaptured,
    /// A reason this program does not know yet.
    #[serde(other)]
    Other,
}

/// The operator's key for its callbacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackKey {
    /// An Ed25519 public key, 32 bytes in hexadecimal.
    pub ed25519: String,
}

/// What a callback is signed over: its id, when it was sent (seconds since 1970) and its body, as the
/// Standard Webhooks specification 1.0 has it.
pub fn signed_callback(id: &str, sent_at_s: &str, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), b".", sent_at_s.as_bytes(), b".", body].concat()
}
