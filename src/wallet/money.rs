//! The wallet's calls about money: deposits and the history.

use super::{deposits::DepositAsk, object::Wallet, worker::Wanted};
use crate::{
    error::WalletError,
    screen::{DepositScreen, HistoryScreen},
};

#[uniffi::export]
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
    /// What became of it is told to the listener. The same id again is the same deposit.
    ///
    /// What could not be sent within a quarter of an hour fails, and takes nothing later.
    ///
    /// # Errors
    /// [`WalletError::DepositRefused`], [`WalletError::NotLoggedIn`], [`WalletError::Storage`]; nothing
    /// is sent then.
    pub fn deposit(&self, ask: DepositAsk) -> Result<DepositScreen, WalletError> {
        self.parts.write_deposit(&ask)?;
        let screen = self.parts.deposit_screen();
        self.worker.want(Wanted { transfers: true, ..Wanted::default() });
        screen
    }

    /// A page of the history of the member's payments and deposits over all methods, each with the refunds
    /// that undo it: the newest, or the one after the `after` of another page. Waits for the server.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`]; what was shown before stands.
    pub fn history(&self, after: Option<String>) -> Result<HistoryScreen, WalletError> {
        self.parts.history(after.as_deref())
    }
}
