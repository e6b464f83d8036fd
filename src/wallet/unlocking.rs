//! The wallet's calls about which devices pay, and up to how much an unlocked one agrees.

use domain::{
    Currency, Money,
    wire::{DeviceAgreement, UnlockLimit as Allowed, UnlockLimitChange},
};

use super::object::Wallet;
use crate::{
    error::{RequestProblem, WalletError},
    server::{Request, from_json},
};

/// Payments whose code this member's unlocked phones show or hand over, and that are agreed to by that alone.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct UnlockLimit {
    /// Each up to so much, in the minor unit; zero, as at first, for none.
    pub amount_minor: i64,
    /// ISO 4217 code of the amount.
    pub currency: String,
    /// How many in 24 hours.
    pub count_a_day: u32,
}

#[uniffi::export]
impl Wallet {
    /// Up to how much an unlocked phone is the member's agreement. Waits for the server.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`].
    pub fn unlock_limit(&self) -> Result<UnlockLimit, WalletError> {
        let Allowed { amount, a_day } = from_json(&self.as_member(&Request::unlock_limit())?)?;
        let currency = amount.currency.code().to_owned();
        Ok(UnlockLimit { amount_minor: amount.amount, currency, count_a_day: a_day })
    }

    /// Sets it, confirmed by the settlement code. From then on a till's charge up to so much, on `code` and
    /// `contactless`, is paid without a question; also where this phone has lost its network after its code
    /// came. A code that was scanned is always agreed to. Waits for the server.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`], [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`].
    pub fn set_unlock_limit(
        &self,
        limit: UnlockLimit,
        settlement_code: String,
    ) -> Result<(), WalletError> {
        let unfit = || RequestProblem::EntryUnfit.error(None);
        let currency = Currency::from_code(&limit.currency).ok_or_else(unfit)?;
        let amount = Money::new(limit.amount_minor, currency);
        let limit = Allowed { amount, a_day: limit.count_a_day };
        let change = UnlockLimitChange { limit, settlement_code };
        self.as_member(&Request::set_unlock_limit(&change)).map(drop)
    }

    /// Lets another device of the account screen pay from now on: a new one waits for a day unless one that
    /// pays agrees, confirmed by the settlement code. Waits for the server.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`], [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`].
    pub fn agree_to_device(&self, id: String, settlement_code: String) -> Result<(), WalletError> {
        let request = Request::agree_to_device(&id, &DeviceAgreement { settlement_code });
        let request = request.ok_or_else(|| RequestProblem::NotFound.error(None))?;
        self.as_member(&request).map(drop)
    }
}
