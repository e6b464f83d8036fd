//! Asks the server what a member wants of the account and of the methods, and says what came of it.

use domain::wire::{Device, Devices, MemberProfile};

use super::{answers::Answers, member::Member};
use crate::{
    error::{ServerProblem, WalletError},
    phone::Token,
    server::{AskProblem, CallProblem, Request, from_json},
};

impl Answers {
    /// Asks as the member: the answer's body.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`], [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`].
    pub fn ask_as(
        &self,
        member: &Member,
        token: &Token,
        request: &Request,
    ) -> Result<Vec<u8>, WalletError> {
        self.server()?.ask(Some(token), request).map_err(|problem| match problem {
            AskProblem::Refused(problem, wait) => problem.error(wait),
            AskProblem::Call(problem) => self.failed(problem, member, token),
        })
    }

    /// Asks as anybody, for who is no member yet or cannot log in.
    ///
    /// # Errors
    /// [`WalletError::RequestRefused`], [`WalletError::ServerAway`].
    pub fn ask(&self, request: &Request) -> Result<Vec<u8>, WalletError> {
        self.server()?.ask(None, request).map_err(|problem| match problem {
            AskProblem::Refused(problem, wait) => problem.error(wait),
            AskProblem::Call(CallProblem::Away(problem)) => problem.error(),
            // Nobody's session was sent.
            AskProblem::Call(_) => ServerProblem::Garbled.error(),
        })
    }

    /// Who the member is, and the devices the member has logged in with.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`].
    pub fn account(&self, member: &Member) -> Result<(MemberProfile, Vec<Device>), WalletError> {
        let token = member.token()?;
        let profile = from_json(&self.ask_as(member, &token, &Request::profile())?)?;
        let Devices { devices } = from_json(&self.ask_as(member, &token, &Request::devices())?)?;
        Ok((profile, devices))
    }
}
