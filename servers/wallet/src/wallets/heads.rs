//! Where accounts' chains end, as the writer left them: it need not read them again. An account that
//! someone else wrote to since is found out when the entry after an old end is added, since its number
//! is taken.

use std::collections::HashMap;

use ledger::{Account, Head, Outcome, Rejection};

/// Most accounts whose ends are remembered, so that memory stays bounded.
const MOST: usize = 65_536;

/// The ends of the accounts that were written to lately.
#[derive(Default)]
pub struct Heads {
    known: HashMap<Account, Head>,
}

impl Heads {
    /// The end of an account's chain, if it is remembered.
    pub fn of(&self, account: &Account) -> Option<Head> {
        self.known.get(account).copied()
    }

    /// Whether none is remembered.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Remembers the ends after `outcomes`, which are durable.
    pub fn remember(&mut self, outcomes: &[Result<Outcome, Rejection>]) {
        if self.known.len() > MOST {
            self.forget();
        }
        for outcome in outcomes {
            if let Ok(Outcome::Posted(posting)) = outcome {
                for entry in [&posting.debit, &posting.credit] {
                    self.known.insert(entry.account.clone(), entry.head());
                }
            }
        }
    }

    /// Forgets all of them.
    pub fn forget(&mut self) {
        self.known.clear();
    }
}
