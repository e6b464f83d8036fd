//! The whole ledger in memory: what tests hold a server's rows against.

use std::collections::HashMap;

use crate::{
    account::Account,
    audit::{Audit, Break},
    books::Books,
    entry::Entry,
    outcome::{Outcome, Rejection},
    totals::Totals,
    transfer::{Request, Transfer, TransferId},
};

/// Books that begin empty and keep every entry.
#[derive(Debug, Default)]
pub struct Oracle {
    books: Books,
    entries: HashMap<Account, Vec<Entry>>,
}

impl Oracle {
    /// [`Books::apply`], with the entries kept.
    ///
    /// # Errors
    /// A [`Rejection`] when nothing was begun.
    pub fn apply(&mut self, request: &Request, at: i64) -> Result<Outcome, Rejection> {
        let outcome = self.books.apply(request, at)?;
        if let Outcome::Posted(posting) = &outcome {
            for entry in [&posting.debit, &posting.credit] {
                self.entries.entry(entry.account.clone()).or_default().push(entry.clone());
            }
        }
        Ok(outcome)
    }

    /// The sums of an account's entries.
    pub fn totals(&self, account: &Account) -> Totals {
        self.books.head(account).totals
    }

    /// An account's entries, the first one first.
    pub fn entries(&self, account: &Account) -> &[Entry] {
        self.entries.get(account).map_or(&[], Vec::as_slice)
    }

    /// Every account that has an entry, in no order.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.entries.keys()
    }

    /// The transfer under `id`.
    pub fn transfer(&self, id: TransferId) -> Option<&Transfer> {
        self.books.transfer(id)
    }

    /// Recomputes every chain and sum.
    ///
    /// # Errors
    /// The first [`Break`] found.
    pub fn audit(&self) -> Result<Audit, Break> {
        let mut audit = Audit::default();
        for entry in self.entries.values().flatten() {
            if let Some(transfer) = self.books.transfer(entry.transfer) {
                audit.entry(entry, transfer)?;
            }
        }
        audit.balanced()?;
        Ok(audit)
    }
}
