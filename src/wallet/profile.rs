//! The wallet's calls about who the member is: name, address and phone, and where codes are sent. Each
//! waits for the server; without it none does anything.

use std::fmt;

use domain::wire::{EmailChange, EmailConfirmation, ProfileChange};

use super::{
    account::{code_id, sent_id},
    object::Wallet,
};
use crate::{error::WalletError, screen::AccountScreen, server::Request};

/// Who the member is from now on, all of it at once. Personal, so its `Debug` tells nothing.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct ProfileAsk {
    /// 1 to 200 characters.
    pub name: String,
    /// 1 to 500 characters, in the order of the member's country.
    pub address: String,
    /// 7 to 15 digits, of which `+` may precede and blanks, `-`, `(` and `)` may part.
    pub phone: String,
}

impl fmt::Debug for ProfileAsk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProfileAsk").finish_non_exhaustive()
    }
}

#[uniffi::export]
impl Wallet {
    /// Changes who the member is, confirmed by the password. The e-mail address stays:
    /// [`Wallet::request_email`] asks for another.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`], [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`]:
    /// nothing was changed.
    pub fn change_profile(
        &self,
        ask: ProfileAsk,
        password: String,
    ) -> Result<AccountScreen, WalletError> {
        let ProfileAsk { name, address, phone } = ask;
        let asked = ProfileChange { password, name, address, phone };
        self.as_member(&Request::change_profile(&asked))?;
        Ok(self.account())
    }

    /// Asks for a code at another e-mail address, confirmed by the password. Gives the id that goes
    /// back together with the code to [`Wallet::confirm_email`] within a quarter of an hour.
    ///
    /// # Errors
    /// As [`Wallet::change_profile`].
    pub fn request_email(&self, email: String, password: String) -> Result<String, WalletError> {
        sent_id(&self.as_member(&Request::change_email(&EmailChange { password, email }))?)
    }

    /// Has codes sent to that address from now on; the one before is told.
    ///
    /// # Errors
    /// As [`Wallet::change_profile`].
    pub fn confirm_email(&self, id: String, code: String) -> Result<AccountScreen, WalletError> {
        let asked = EmailConfirmation { code };
        self.as_member(&Request::confirm_email(code_id(&id)?, &asked))?;
        Ok(self.account())
    }
}
