//! The wallet's calls about the membership: joining, the account screen, devices, secrets, one's own
//! data, leaving. Each waits for the server; without it none does anything.

use std::fmt;

use domain::wire::{
    CodeSent, JoinConfirmation, JoinRequest, LeaveRequest, Profile, ResetConfirmation,
    ResetRequest, SecretChange, SecretOf,
};
use uuid::Uuid;

use super::object::Wallet;
use crate::{
    error::{RequestProblem, ServerProblem, WalletError},
    screen::{AccountScreen, DrawAccount, draw_account},
    server::{Request, from_json},
};

/// What a person joins with. Secret and personal, so its `Debug` tells nothing.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct JoinAsk {
    /// What the person is to log in with: 3 to 64 of `a-z`, `0-9` and `.`, `_`, `-`, `@`, `+`.
    pub user_id: String,
    /// 8 to 1024 bytes, and not soon guessed.
    pub password: String,
    /// What settlements are to be confirmed with: 6 to 12 digits, and not soon guessed.
    pub settlement_code: String,
    /// 1 to 200 characters.
    pub name: String,
    /// 1 to 500 characters, in the order of the person's country.
    pub address: String,
    /// 7 to 15 digits, of which `+` may precede and blanks, `-`, `(` and `)` may part.
    pub phone: String,
    /// Where codes are sent. At most 254 bytes.
    pub email: String,
}

impl fmt::Debug for JoinAsk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinAsk").finish_non_exhaustive()
    }
}

/// What a member proves themselves with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum SecretKind {
    /// For logging in.
    Password,
    /// For settlements.
    SettlementCode,
}

impl From<SecretKind> for SecretOf {
    fn from(kind: SecretKind) -> Self {
        match kind {
            SecretKind::Password => Self::Password,
            SecretKind::SettlementCode => Self::SettlementCode,
        }
    }
}

#[uniffi::export]
impl Wallet {
    /// Asks for a membership: a code goes to the e-mail address. Gives the id that goes back together
    /// with the code to [`Wallet::confirm_join`] within a quarter of an hour; keep it, the person may
    /// leave the app to read the code. Whether the user id is free is told only then.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`], [`WalletError::ServerAway`].
    pub fn join(&self, ask: JoinAsk) -> Result<String, WalletError> {
        let JoinAsk { user_id, password, settlement_code, name, address, phone, email } = ask;
        let profile = Profile { name, address, phone, email };
        let device = self.parts.answers.device.clone();
        let asked = JoinRequest { user_id, password, settlement_code, profile, device };
        self.code_sent(&Request::join(&asked))
    }

    /// Makes the person a member, who can log in from then on. If the answer was lost, log in.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`], [`WalletError::ServerAway`].
    pub fn confirm_join(&self, id: String, code: String) -> Result<(), WalletError> {
        let asked = JoinConfirmation { id: code_id(&id)?, code };
        self.parts.answers.ask(&Request::confirm(&asked)).map(drop)
    }

    /// The account screen: who the member is and on which devices, as the server says. Waits for the
    /// server; what it does not say is missing on the screen, which tells why.
    pub fn account(&self) -> AccountScreen {
        let heard = self.parts.answers.account(&self.parts.member).ok();
        draw_account(DrawAccount {
            heard,
            is_logged_in: self.parts.member.token().is_ok(),
            now: self.parts.now(),
            clock_ahead_ms: self.parts.answers.clock_ahead_ms().unwrap_or(0),
        })
    }

    /// Logs a device of the account screen out, wherever it is.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`], [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`].
    pub fn log_out_device(&self, id: String) -> Result<AccountScreen, WalletError> {
        let request =
            Request::log_out_device(&id).ok_or_else(|| RequestProblem::NotFound.error(None))?;
        self.as_member(&request)?;
        Ok(self.account())
    }

    /// Sets another password or settlement code; `present` is the one before, or the password for who
    /// has no settlement code yet. A new password logs every other device out.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`], [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`].
    pub fn change_secret(
        &self,
        kind: SecretKind,
        present: String,
        new: String,
    ) -> Result<(), WalletError> {
        self.as_member(&Request::change_secret(kind.into(), &SecretChange { present, new }))
            .map(drop)
    }

    /// Asks for a code to set a forgotten password or settlement code anew; it goes to the member's
    /// e-mail address. Gives the id that goes back together with it to [`Wallet::reset`] within a
    /// quarter of an hour. Whether there is such a member is never told.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`], [`WalletError::ServerAway`].
    pub fn request_reset(&self, user_id: String, kind: SecretKind) -> Result<String, WalletError> {
        self.code_sent(&Request::reset(&ResetRequest { user_id, of: kind.into() }))
    }

    /// Sets it anew with that code; for a settlement code the password is needed, too. That logs every
    /// device out.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`], [`WalletError::ServerAway`].
    pub fn reset(
        &self,
        id: String,
        code: String,
        new: String,
        password: Option<String>,
    ) -> Result<(), WalletError> {
        let asked = ResetConfirmation { code, new, password };
        self.parts.answers.ask(&Request::set_anew(code_id(&id)?, &asked)).map(drop)
    }

    /// All that is kept of the member at the server, as JSON, for a file of the member's own. No
    /// secret is in it; it is personal all the same.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`].
    pub fn export_data(&self) -> Result<String, WalletError> {
        let json = self.as_member(&Request::export())?;
        String::from_utf8(json).map_err(|_| ServerProblem::Garbled.error())
    }

    /// Ends the membership for good and forgets the member on this phone. Not while there is money in
    /// a wallet or a deposit is on its way.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`], [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`]: the
    /// person is still a member. [`WalletError::Storage`], [`WalletError::KeyStoreLocked`]: no member
    /// any more, and forgotten on this phone as far as [`Wallet::log_out`] would.
    pub fn leave(&self, password: String) -> Result<(), WalletError> {
        self.as_member(&Request::leave(&LeaveRequest { password }))?;
        self.parts.log_out()
    }
}

impl Wallet {
    /// Asks as the member who is logged in: the answer's body.
    pub(super) fn as_member(&self, request: &Request) -> Result<Vec<u8>, WalletError> {
        let token = self.parts.member.token()?;
        self.parts.answers.ask_as(&self.parts.member, &token, request)
    }

    fn code_sent(&self, request: &Request) -> Result<String, WalletError> {
        sent_id(&self.parts.answers.ask(request)?)
    }
}

/// What a code that was sent is known by.
pub(super) fn sent_id(answer: &[u8]) -> Result<String, WalletError> {
    let CodeSent { id, .. } = from_json(answer)?;
    Ok(id.to_string())
}

/// What was given for a code; a text that is none belongs to no code.
pub(super) fn code_id(text: &str) -> Result<Uuid, WalletError> {
    text.parse().map_err(|_| RequestProblem::CodeRefused.error(None))
}
