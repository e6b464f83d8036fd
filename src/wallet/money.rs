//! The wallet's calls about money: deposits and the history.

use super::{
    deposits::{DepositAsk, DepositError},
    object::Wallet,
    worker::Wanted,
};
use crate::{
    error::WalletError,
    screen::{DepositScreen, HistoryScreen},
};

impl Wallet {
    /// The deposit screen as it stands.
    ///
    /// # Errors
    /// [`WalletError::Storage`].
    pub fn deposits(&self) -> Result<DepositScreen, WalletError> {
        self.parts.deposit_screen()
    }

    /// Asks for a deposit. It is written down on this phone, and pending, when this returns; then it is
    /// sent, and asked after until the server has said how it ended, also after the app was killed.
    /// [`Wallet::deposits`] tells what became of it. The same id again is the same deposit.
    ///
    /// What could not be sent within a quarter of an hour fails, and takes nothing later.
    ///
    /// # Errors
    /// [`DepositError`]; nothing is sent then.
    pub fn deposit(&self, ask: &DepositAsk) -> Result<DepositScreen, DepositError> {
        self.parts.write_deposit(ask)?;
        let screen = self.parts.deposit_screen();
        self.worker.want(Wanted { transfers: true, ..Wanted::default() });
        Ok(screen?)
    }

    /// A page of the history of the member's electronic money: the newest, or the one after the `after`
    /// of another page. Waits for the server.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`]; what was shown before stands.
    pub fn history(&self, after: Option<String>) -> Result<HistoryScreen, WalletError> {
        self.parts.history(after.as_deref())
    }
}
