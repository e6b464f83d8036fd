//! What is asked for and what was done: a request and the transfer it became.

use uuid::Uuid;

use crate::{
    account::Account,
    amount::Amount,
    encoding::{Digest, Encoding},
};

/// A transfer's id: made by whoever asks, and stored there before it is first sent.
pub type TransferId = Uuid;

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Move `amount` at once.
    Post {
        /// Taken from.
        debit: Account,
        /// Given to; in the same currency.
        credit: Account,
        /// How much.
        amount: Amount,
    },
    /// Reserve `amount` until a later transfer ends it.
    Pending {
        /// To be taken from.
        debit: Account,
        /// To be given to; in the same currency.
        credit: Account,
        /// How much at most.
        amount: Amount,
        /// After how many milliseconds it can only expire; without it, it never does.
        lasts_ms: Option<u32>,
    },
    /// Move `amount` of what `pending` reserved and free the rest.
    PostPending {
        /// The pending transfer.
        pending: TransferId,
        /// At most what it reserved.
        amount: Amount,
    },
    /// Free what `pending` reserved.
    Void {
        /// The pending transfer.
        pending: TransferId,
    },
    /// Free what `pending` reserved, because its time is over.
    Expire {
        /// The pending transfer.
        pending: TransferId,
    },
    /// Move `amount` of what `of` posted back to where it came from.
    Refund {
        /// A transfer of kind [`Kind::Post`] or [`Kind::PostPending`].
        of: TransferId,
        /// With all refunds before it, at most what `of` posted.
        amount: Amount,
    },
}

/// One wish: an id and what to do under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Used once. The same id with the same action gets the same answer, with another an error.
    pub id: TransferId,
    /// What to do.
    pub action: Action,
}

impl Request {
    /// The SHA-256 of what is asked: two requests are the same when this and the id are.
    ///
    /// Encoded after the text `tillsight request 1`: [`Kind`]'s number as one byte, then the action's
    /// fields in the order of their definition, each as in [`Transfer::digest`].
    pub fn content(&self) -> Digest {
        let encoding = Encoding::new("tillsight request 1").byte(self.action.kind().number());
        match &self.action {
            Action::Post { debit, credit, amount } => {
                encoding.text(&debit.to_string()).text(&credit.to_string()).number(amount.get())
            }
            Action::Pending { debit, credit, amount, lasts_ms } => encoding
                .text(&debit.to_string())
                .text(&credit.to_string())
                .number(amount.get())
                .optional_number(lasts_ms.map(i64::from)),
            Action::PostPending { pending, amount } => encoding.id(*pending).number(amount.get()),
            Action::Void { pending } | Action::Expire { pending } => encoding.id(*pending),
            Action::Refund { of, amount } => encoding.id(*of).number(amount.get()),
        }
        .digest()
    }

    /// The earlier transfer it names.
    pub const fn names(&self) -> Option<TransferId> {
        match &self.action {
            Action::Post { .. } | Action::Pending { .. } => None,
            Action::PostPending { pending, .. }
            | Action::Void { pending }
            | Action::Expire { pending } => Some(*pending),
            Action::Refund { of, .. } => Some(*of),
        }
    }

    /// The two accounts it names itself: debit, credit.
    pub const fn accounts(&self) -> Option<(&Account, &Account)> {
        match &self.action {
            Action::Post { debit, credit, .. } | Action::Pending { debit, credit, .. } => {
                Some((debit, credit))
            }
            _ => None,
        }
    }
}

impl Action {
    /// What it becomes.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Post { .. } => Kind::Post,
            Self::Pending { .. } => Kind::Pending,
            Self::PostPending { .. } => Kind::PostPending,
            Self::Void { .. } => Kind::Void,
            Self::Expire { .. } => Kind::Expire,
            Self::Refund { .. } => Kind::Refund,
        }
    }
}

/// What a transfer did. Its number is stored and hashed, and never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Moved an amount at once.
    Post = 1,
    /// Reserved an amount.
    Pending = 2,
    /// Moved a reserved amount, or a part of it.
    PostPending = 3,
    /// Freed a reserved amount.
    Void = 4,
    /// Freed a reserved amount whose time was over.
    Expire = 5,
    /// Moved a posted amount back.
    Refund = 6,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Post, Self::Pending, Self::PostPending, Self::Void, Self::Expire, Self::Refund];

    /// The number it is stored by.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The kind stored by `number`.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| i64::from(kind.number()) == number)
    }

    /// Whether it ends a pending transfer.
    pub const fn ends(self) -> bool {
        matches!(self, Self::PostPending | Self::Void | Self::Expire)
    }

    /// Whether it moved money that a refund can move back.
    pub const fn captures(self) -> bool {
        matches!(self, Self::Post | Self::PostPending)
    }
}

/// What was done under an id. It never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The request's id.
    pub id: TransferId,
    /// What it did.
    pub kind: Kind,
    /// Taken from, or reserved there.
    pub debit: Account,
    /// Given to, or reserved for.
    pub credit: Account,
    /// What was moved, reserved or (void, expire) freed.
    pub amount: Amount,
    /// What it freed of a pending transfer, which is all of it: zero for the kinds that end none.
    pub released: i64,
    /// The transfer it ends or refunds.
    pub of: Option<TransferId>,
    /// When, in milliseconds since 1970 by the server's clock.
    pub at: i64,
    /// From when on a pending transfer can only expire.
    pub expires_at: Option<i64>,
    /// [`Request::content`] of the request.
    pub content: Digest,
}

impl Transfer {
    /// What it adds to the posted sum of each account.
    pub const fn posted(&self) -> i64 {
        match self.kind {
            Kind::Post | Kind::PostPending | Kind::Refund => self.amount.get(),
            Kind::Pending | Kind::Void | Kind::Expire => 0,
        }
    }

    /// What it adds to the pending sum of each account; below zero when it frees something.
    pub const fn pending(&self) -> i64 {
        match self.kind {
            Kind::Pending => self.amount.get(),
            _ => -self.released,
        }
    }

    /// The SHA-256 over every field, which both entries carry in their own hash.
    ///
    /// Encoded in the order of definition after the text `tillsight transfer 1`: numbers as 8 bytes
    /// big-endian, ids as their 16 bytes, texts as their length (4 bytes big-endian) and UTF-8
    /// bytes, a kind as one byte, an optional value as 0, or as 1 and the value.
    pub fn digest(&self) -> Digest {
        Encoding::new("tillsight transfer 1")
            .id(self.id)
            .byte(self.kind.number())
            .text(&self.debit.to_string())
            .text(&self.credit.to_string())
            .number(self.amount.get())
            .number(self.released)
            .optional_id(self.of)
            .number(self.at)
            .optional_number(self.expires_at)
            .bytes(&self.content)
            .digest()
    }
}
