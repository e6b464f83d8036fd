//! A member's session on this phone: begun by a password or by a company's own log-in, and ended.

use domain::wire::{BoundSession, ProvidedSession};

use super::parts::Parts;
use crate::{entry::Signal, error::WalletError};

impl Parts {
    /// Begins a session, fetches the keys and the member's methods.
    ///
    /// # Errors
    /// [`WalletError`].
    pub fn log_in(&self, user_id: String, password: String) -> Result<(), WalletError> {
        let session = self.answers.log_in(&self.member, user_id.clone(), password)?;
        self.begin(&user_id, session)
    }

    /// The same by a token of a company's own log-in.
    ///
    /// # Errors
    /// [`WalletError`].
    pub fn log_in_provided(&self, token: String) -> Result<(), WalletError> {
        let ProvidedSession { user_id, session } =
            self.answers.log_in_provided(&self.member, token)?;
        self.begin(&user_id, session)
    }

    fn begin(&self, user_id: &str, session: BoundSession) -> Result<(), WalletError> {
        self.member.begin(user_id, session)?;
        self.keys(self.now());
        self.balances()
    }

    /// Forgets the member on this phone, and ends the session at the server, later if it is away.
    ///
    /// # Errors
    /// [`WalletError::Storage`], [`WalletError::KeyStoreLocked`]; the member is forgotten all the
    /// same.
    pub fn log_out(&self) -> Result<(), WalletError> {
        let deposits_forgotten = self.deposits.forget(&self.member.known());
        let forgotten = self.member.forget().and(deposits_forgotten);
        let now = self.now();
        // Where the next member goes is another's habit.
        self.sense(now, &Signal::Visits(Vec::new()));
        self.answers.end_sessions(&self.member, now);
        forgotten
    }
}
