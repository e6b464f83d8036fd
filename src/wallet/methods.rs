//! The wallet's calls about the member's methods: drawn from what the phone has, changed at the server.

use domain::{
    Timestamp,
    wire::{MethodChange, OperatorList},
};

use super::{object::Wallet, parts::Parts, screens::draw_registered};
use crate::{
    error::{RequestProblem, WalletError},
    phone::Token,
    screen::MethodsScreen,
    server::{Request, from_json},
};

/// What is to be changed of a method; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct MethodAsk {
    /// As the member knows it: 1 to 64 characters on one line, and no full card number.
    #[uniffi(default = None)]
    pub name: Option<String>,
    /// Blocked by the member, or no longer. What its operator blocked stays so.
    #[uniffi(default = None)]
    pub blocked: Option<bool>,
    /// Its place in the member's order, from 0; one beyond the end is the end.
    #[uniffi(default = None)]
    pub place: Option<u32>,
    /// Whether deposits are to come from it: an account or a card.
    #[uniffi(default = None)]
    pub deposit_source: Option<bool>,
}

impl From<MethodAsk> for MethodChange {
    fn from(ask: MethodAsk) -> Self {
        let MethodAsk { name, blocked, place, deposit_source } = ask;
        Self { name, blocked, place, deposit_source }
    }
}

#[uniffi::export]
impl Wallet {
    /// The methods screen as it stands. [`Wallet::refresh`] asks the server first, and
    /// [`Wallet::register_method`] links another.
    pub fn methods(&self) -> MethodsScreen {
        draw_registered(&self.parts.member, self.parts.now())
    }

    /// The names of the operators whose accounts and cards can be linked. Where there are several, a
    /// link code is given to [`Wallet::register_method`] with one of them before it. Waits for the
    /// server; nobody need be logged in.
    ///
    /// # Errors
    /// [`WalletError::ServerAway`].
    pub fn operators(&self) -> Result<Vec<String>, WalletError> {
        let OperatorList { operators } =
            from_json(&self.parts.answers.ask(&Request::operators())?)?;
        Ok(operators)
    }

    /// Changes a method: its name, its place, whether it is blocked or what deposits come from. Waits
    /// for the server.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`], [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`]:
    /// nothing was changed. [`WalletError::Storage`]: changed, and not kept on this phone.
    pub fn change_method(&self, id: String, ask: MethodAsk) -> Result<MethodsScreen, WalletError> {
        let done = self.alter(Request::change_method(&id, &ask.into()))?;
        let Parts { answers, member, .. } = &*self.parts;
        let methods = from_json(&done.answer)?;
        answers.learn(member, &done.token, methods, done.asked, self.parts.now())?;
        Ok(self.methods())
    }

    /// Unlinks a method: its operator opens nothing for it any more. Waits for the server.
    ///
    /// # Errors
    /// As [`Wallet::change_method`].
    pub fn remove_method(&self, id: String) -> Result<MethodsScreen, WalletError> {
        let done = self.alter(Request::remove_method(&id))?;
        if let Some(mut left) = self.parts.member.known().methods.clone() {
            left.methods.retain(|registered| registered.method.id.0 != id);
            left.deposit_source = left.deposit_source.filter(|source| source.0 != id);
            let (question, _) = done.asked;
            self.parts.member.keep(&done.token, left, question)?;
        }
        Ok(self.methods())
    }
}

/// A change that the server made.
struct Altered {
    token: Token,
    /// The question's number, and when it was asked.
    asked: (u64, Timestamp),
    answer: Vec<u8>,
}

impl Wallet {
    /// Has the server change something; an id that can be none is nobody's method.
    fn alter(&self, request: Option<Request>) -> Result<Altered, WalletError> {
        let Parts { answers, member, .. } = &*self.parts;
        let token = member.token()?;
        let request = request.ok_or_else(|| RequestProblem::NotFound.error(None))?;
        let asked = (member.next_question(), self.parts.now());
        let answer = answers.ask_as(member, &token, &request)?;
        Ok(Altered { token, asked, answer })
    }
}
