//! What becomes of a request.

use crate::{entry::Entry, transfer::Transfer};

/// A transfer and its two entries: what is written, together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// What was done.
    pub transfer: Transfer,
    /// The line on the account that gave.
    pub debit: Entry,
    /// The line on the account that got.
    pub credit: Entry,
}

/// What a request led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done now.
    Posted(Box<Posting>),
    /// It was done before: this is what it became then.
    Repeated(Box<Transfer>),
    /// It failed for good, now: kept under its id.
    Refused(Refusal),
    /// It failed for good before, for this reason.
    RefusedBefore(Refusal),
}

/// Why an id failed for good. It is kept, and the id never succeeds later: a retry that arrives late
/// must not take money for something that was paid another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// The member's wallet does not hold enough that is not reserved.
    #[error("the balance is too low")]
    BalanceTooLow = 1,
    /// The named transfer reserved nothing.
    #[error("the transfer is not a pending one")]
    NotPending = 2,
    /// The pending transfer was posted, voided or expired before.
    #[error("the pending transfer has ended")]
    AlreadyEnded = 3,
    /// The pending transfer's time is over: it can only expire.
    #[error("the pending transfer's time is over")]
    Expired = 4,
    /// More than the pending transfer reserved.
    #[error("more than was reserved")]
    MoreThanPending = 5,
    /// The named transfer moved nothing that could be moved back.
    #[error("the transfer cannot be refunded")]
    NotRefundable = 6,
    /// With the refunds before it, more than was posted.
    #[error("more than was paid")]
    MoreThanPosted = 7,
    /// A sum of one of the accounts would not fit 64 bits.
    #[error("the account's sums do not fit 64 bits")]
    Overflow = 8,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::BalanceTooLow,
        Self::NotPending,
        Self::AlreadyEnded,
        Self::Expired,
        Self::MoreThanPending,
        Self::NotRefundable,
        Self::MoreThanPosted,
        Self::Overflow,
    ];

    /// The number it is stored by, which never changes.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The refusal stored by `number`.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| i64::from(refusal.number()) == number)
    }
}

/// Why nothing was begun. Nothing is kept: the same id may come again and succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The id was used with another content.
    #[error("the id was used for something else")]
    OtherContent,
    /// Both sides are the same account.
    #[error("debit and credit are the same account")]
    SameAccount,
    /// The two accounts are in different currencies.
    #[error("the accounts are in different currencies")]
    OtherCurrency,
    /// The transfer to end or refund is not known.
    #[error("no such transfer")]
    NoSuchTransfer,
    /// The pending transfer's time is not over, or it has none.
    #[error("the pending transfer's time is not over")]
    NotYetExpired,
}
