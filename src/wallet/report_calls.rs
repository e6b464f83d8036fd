//! The wallet's call about what happened at a till.

use super::{object::Wallet, worker::Wanted};
use crate::{error::WalletError, screen::SettlementScreen};

/// What happened at a till.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum ReportKind {
    /// The method was paid with, or they take it.
    Worked,
    /// They do not take it. What the method's company declines is no such thing.
    Refused,
    /// They take cash alone.
    CashOnly,
}

#[uniffi::export]
impl Wallet {
    /// The member says what happened in a store with a method of the screen; of `CashOnly` any method. This phone's
    /// screens say so at once, and for a quarter. Others are told by a report without a time, a place or a member, an hour
    /// to a day later and only with what other members say of that week: at most five a day, and none of a store where
    /// the phone is on most days.
    ///
    /// # Errors
    /// [`WalletError::Signal`] for a store this phone does not know, [`WalletError::RequestRefused`] for a method that is
    /// not registered, [`WalletError::NotLoggedIn`], [`WalletError::Storage`].
    pub fn report(
        &self,
        store_id: String,
        method_id: String,
        kind: ReportKind,
    ) -> Result<SettlementScreen, WalletError> {
        self.parts.report(&store_id, &method_id, kind)?;
        self.worker.want(Wanted { transfers: true, ..Wanted::default() });
        Ok(self.screen())
    }
}
