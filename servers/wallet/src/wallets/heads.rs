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
    known: HashMap<Account, (i64, Head)>,
}

impl Heads {
    /// The number of an account's row and the end of its chain, if they are remembered.
    pub fn of(&self, account: &Account) -> Option<(i64, Head)> {
        self.known.get(account).copied()
    }

    /// Whether none is remembered.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Remembers the ends after `outcomes`, which are durable, of accounts whose numbers are `accounts`.
    pub fn remember(
        &mut self,
        outcomes: &[Result<Outcome, Rejection>],
        accounts: &HashMap<Account, i64>,
    ) {
        if self.known.len() > MOST {
            self.forget();
        }
        for outcome in outcomes {
            if let Ok(Outcome::Posted(posting)) = outcome {
                for entry in [&posting.debit, &posting.credit] {
                    if let Some(number) = accounts.get(&entry.account) {
                        self.known.insert(entry.account.clone(), (*number, entry.head()));
                    }
                }
            }
        }
    }

    /// Forgets all of them.
    pub fn forget(&mut self) {
        self.known.clear();
    }
}
