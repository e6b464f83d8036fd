//! The wallet's calls about pushes: by what a provider wakes the app, and what the app does when it was.

use std::sync::mpsc::channel;

use super::{news::PushToken, object::Wallet, worker::Wanted};
use crate::error::WalletError;

#[uniffi::export]
impl Wallet {
    /// Hands over by what a provider wakes this app, whenever the provider gave one and once after each start
    /// of the app; `None` when there is none any more. The wallet server hears of it while a member is logged
    /// in, and forgets it at log-out. It is not kept on this phone.
    pub fn set_push_token(&self, token: Option<PushToken>) {
        self.parts.news.hand(token);
        self.worker.want(Wanted { transfers: true, ..Wanted::default() });
    }

    /// A push came, or the app looks by itself from time to time where none comes: asks what is under way and
    /// what happened since, and tells of it by screens and notices. Whether anything was new. Waits for the
    /// server.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`], [`WalletError::Storage`].
    pub fn pushed(&self) -> Result<bool, WalletError> {
        let (tell, told) = channel();
        let wanted = Wanted { transfers: true, events: true, ..Wanted::default() };
        self.worker.want(Wanted { pushed: vec![tell], ..wanted });
        told.recv().unwrap_or(Ok(false))
    }
}
