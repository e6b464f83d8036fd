//! One line of an account, chained to the line before it.

use crate::{
    account::Account,
    encoding::{Digest, Encoding},
    totals::{Side, Totals},
    transfer::{Transfer, TransferId},
};

/// Where an account's chain ends: what the next entry builds on. A new account's is the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// How many entries there are.
    pub number: i64,
    /// The last entry's hash; zeros before the first.
    pub hash: Digest,
    /// The sums of all entries.
    pub totals: Totals,
}

/// One line of an account. It never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The account.
    pub account: Account,
    /// Its place there, from 1 without a gap.
    pub number: i64,
    /// The transfer it is half of.
    pub transfer: TransferId,
    /// Whether the account gave or got.
    pub side: Side,
    /// What it adds to the posted sum of its side.
    pub posted: i64,
    /// What it adds to the pending sum of its side.
    pub pending: i64,
    /// The sums including this entry.
    pub totals: Totals,
    /// SHA-256 over the entry before, the transfer and this entry.
    pub hash: Digest,
}

impl Entry {
    /// The entry that `transfer` puts on its `side`, after `head`. `None` when a sum would not fit.
    pub fn after(head: &Head, transfer: &Transfer, side: Side) -> Option<Self> {
        let (posted, pending) = (transfer.posted(), transfer.pending());
        let mut entry = Self {
            account: match side {
                Side::Debit => transfer.debit.clone(),
                Side::Credit => transfer.credit.clone(),
            },
            number: head.number.checked_add(1)?,
            transfer: transfer.id,
            side,
            posted,
            pending,
            totals: head.totals.after(side, posted, pending)?,
            hash: Digest::default(),
        };
        entry.hash = entry.chained(&head.hash, transfer);
        Some(entry)
    }

    /// The hash this entry must have: SHA-256 over the text `tillsight entry 1`, the hash before it,
    /// the transfer's digest, and the entry's account, number, side, posted, pending and the four sums
    /// in the order of their definition, encoded as in [`Transfer::digest`].
    pub fn chained(&self, before: &Digest, transfer: &Transfer) -> Digest {
        Encoding::new("tillsight entry 1")
            .bytes(before)
            .bytes(&transfer.digest())
            .text(&self.account.to_string())
            .number(self.number)
            .byte(self.side.number())
            .number(self.posted)
            .number(self.pending)
            .number(self.totals.debits_posted)
            .number(self.totals.credits_posted)
            .number(self.totals.debits_pending)
            .number(self.totals.credits_pending)
            .digest()
    }

    /// Where the chain ends with this entry.
    pub const fn head(&self) -> Head {
        Head { number: self.number, hash: self.hash, totals: self.totals }
    }
}
