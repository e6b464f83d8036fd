//! Every chain and every sum recomputed, from the first entry on.

use std::{collections::BTreeMap, fmt};

use crate::{
    account::Account,
    entry::{Entry, Head},
    totals::Side,
    transfer::Transfer,
};

/// Where the books do not hold, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The account, as text, or the currency whose sum is not zero.
    pub place: String,
    /// The entry's number, zero where no single entry is to blame.
    pub number: i64,
    /// What does not hold.
    pub fault: Fault,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            0 => write!(f, "{}: {}", self.place, self.fault),
            number => write!(f, "{}, entry {number}: {}", self.place, self.fault),
        }
    }
}

impl std::error::Error for Break {}

/// What does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An entry is missing before this one, or comes twice.
    #[error("does not follow the entry before it")]
    Number,
    /// The transfer is not this entry's, or names another account on that side.
    #[error("is not the half of its transfer")]
    Transfer,
    /// The amounts are not those of the transfer.
    #[error("has other amounts than its transfer")]
    Amounts,
    /// The sums are not those of all entries.
    #[error("has sums that its entries do not add up to")]
    Totals,
    /// The hash is not that of what is written.
    #[error("was changed: its hash is another")]
    Hash,
    /// A member's wallet stood below zero.
    #[error("leaves a member's wallet below zero")]
    BelowZero,
    /// The debits of a currency are not its credits.
    #[error("debits and credits differ")]
    Unbalanced,
}

/// Debits less credits of one currency. Both are zero in sound books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Of what was posted.
    pub posted: i128,
    /// Of what is pending.
    pub pending: i128,
}

/// Goes over all entries, each account's in the order of their numbers and account after account.
#[derive(Debug, Default)]
pub struct Audit {
    /// The account in work and where its chain ends so far.
    current: Option<(Account, Head)>,
    sums: BTreeMap<String, Sums>,
    accounts: u64,
    entries: u64,
}

impl Audit {
    /// Checks the next entry against its transfer and the entries before it.
    ///
    /// # Errors
    /// The first [`Break`] there is.
    pub fn entry(&mut self, entry: &Entry, transfer: &Transfer) -> Result<(), Break> {
        let before = self.head_of(&entry.account);
        if let Some(fault) = fault(&before, entry, transfer) {
            return Err(Break { place: entry.account.to_string(), number: entry.number, fault });
        }
        self.add(entry);
        self.current = Some((entry.account.clone(), entry.head()));
        Ok(())
    }

    fn head_of(&mut self, account: &Account) -> Head {
        match &self.current {
            Some((current, head)) if current == account => *head,
            _ => {
                self.accounts += 1;
                Head::default()
            }
        }
    }

    fn add(&mut self, entry: &Entry) {
        self.entries += 1;
        let sums = self.sums.entry(entry.account.currency.code().to_owned()).or_default();
        let sign = if entry.side == Side::Debit { 1 } else { -1 };
        // 2^63 entries of 2^63 each fit 128 bits.
        sums.posted += sign * i128::from(entry.posted);
        sums.pending += sign * i128::from(entry.pending);
    }

    /// Checks, after the last entry, that the debits of each currency are its credits.
    ///
    /// # Errors
    /// The first currency of which they are not.
    pub fn balanced(&self) -> Result<(), Break> {
        match self.sums.iter().find(|(_, sums)| **sums != Sums::default()) {
            None => Ok(()),
            Some((currency, _)) => {
                Err(Break { place: currency.clone(), number: 0, fault: Fault::Unbalanced })
            }
        }
    }

    /// Debits less credits of each currency so far, by its code.
    pub const fn sums(&self) -> &BTreeMap<String, Sums> {
        &self.sums
    }

    /// How many accounts were gone over.
    pub const fn accounts(&self) -> u64 {
        self.accounts
    }

    /// How many entries were gone over.
    pub const fn entries(&self) -> u64 {
        self.entries
    }
}

fn fault(before: &Head, entry: &Entry, transfer: &Transfer) -> Option<Fault> {
    let named = match entry.side {
        Side::Debit => &transfer.debit,
        Side::Credit => &transfer.credit,
    };
    if before.number.checked_add(1) != Some(entry.number) {
        return Some(Fault::Number);
    }
    if transfer.id != entry.transfer || *named != entry.account {
        return Some(Fault::Transfer);
    }
    if (entry.posted, entry.pending) != (transfer.posted(), transfer.pending()) {
        return Some(Fault::Amounts);
    }
    if before.totals.after(entry.side, entry.posted, entry.pending) != Some(entry.totals) {
        return Some(Fault::Totals);
    }
    if entry.chained(&before.hash, transfer) != entry.hash {
        return Some(Fault::Hash);
    }
    let below = entry.totals.available().is_none_or(|available| available < 0);
    (entry.account.is_limited() && below).then_some(Fault::BelowZero)
}
