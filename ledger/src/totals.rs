//! What stands on an account: the running sums of its entries.

/// Which side of a transfer an account is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Taken from. Stored and hashed as 1.
    Debit = 1,
    /// Given to. Stored and hashed as 2.
    Credit = 2,
}

impl Side {
    /// The number it is stored by.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The side stored by `number`.
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Debit),
            2 => Some(Self::Credit),
            _ => None,
        }
    }
}

/// The four running sums of an account, in minor units, each zero or above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Everything ever taken from the account.
    pub debits_posted: i64,
    /// Everything ever given to it.
    pub credits_posted: i64,
    /// What is reserved to be taken.
    pub debits_pending: i64,
    /// What is reserved to be given.
    pub credits_pending: i64,
}

impl Totals {
    /// What an owner can still spend: posted credits less posted and reserved debits. A reserved
    /// credit does not count before it is posted. `None` on overflow.
    pub fn available(&self) -> Option<i64> {
        self.posted()?.checked_sub(self.debits_pending)
    }

    /// Posted credits less posted debits. `None` on overflow.
    pub fn posted(&self) -> Option<i64> {
        self.credits_posted.checked_sub(self.debits_posted)
    }

    /// The sums after an entry of `posted` and `pending` on `side`. `None` when one would not fit
    /// 64 bits or fall below zero.
    #[must_use]
    pub fn after(mut self, side: Side, posted: i64, pending: i64) -> Option<Self> {
        let (posted_sum, pending_sum) = match side {
            Side::Debit => (&mut self.debits_posted, &mut self.debits_pending),
            Side::Credit => (&mut self.credits_posted, &mut self.credits_pending),
        };
        *posted_sum = posted_sum.checked_add(posted).filter(|sum| *sum >= 0)?;
        *pending_sum = pending_sum.checked_add(pending).filter(|sum| *sum >= 0)?;
        Some(self)
    }
}
