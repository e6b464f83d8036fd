//! Hears what happens at the server while nobody waits there: after a push, and after the start of the app.

use std::time::Duration;

use domain::wire::{EventOf, SettlementRefund};
use uuid::Uuid;

use super::{
    news::{AGAIN, PushToken},
    parts::Parts,
    worker::Pushed,
};
use crate::{
    error::WalletError,
    phone::{LogEvent, Token},
    server::{AskProblem, CallProblem, Request, WalletServer},
};

impl Parts {
    /// Hands the app's token on to the server, where that has not heard of it in this session; when to try
    /// again.
    pub(super) fn hand_push_token_on(&self) -> Option<Duration> {
        let known = self.member.known();
        let (Ok(server), Some(token)) = (self.answers.server(), &known.token) else { return None };
        let handed = self.news.untold(token.session)?;
        let request = match &handed {
            Some(PushToken { service, token }) => Request::set_push_token(service, token),
            None => Request::forget_push_token(),
        };
        match server.ask(Some(token), &request) {
            Ok(_) => {}
            Err(AskProblem::Refused(..)) => self.note(LogEvent::PushTokenRefused),
            Err(AskProblem::Call(problem)) => {
                self.answers.failed(problem, &self.member, token);
                self.news.told(&handed, None);
                return Some(AGAIN);
            }
        }
        self.news.told(&handed, Some(token.session));
        // What happens from now on is told of by notices.
        let _ = self.hear_events(handed.is_some());
        None
    }

    /// Hears what happened where the app was `pushed`, which is answered then, or `hears` of itself; `is_new`
    /// is what else came out meanwhile.
    pub(super) fn answer_pushed(&self, pushed: Vec<Pushed>, hears: bool, is_new: bool) {
        if pushed.is_empty() && !hears {
            return;
        }
        let heard = self.hear_events(!pushed.is_empty());
        if matches!(heard, Ok(true)) {
            self.show();
        }
        for call in pushed {
            let _ = call.send(heard.clone().map(|heard| heard || is_new));
        }
    }

    /// Asks what happened since it was asked before, and tells of refunds; whether anything did. What
    /// happened before the first question that `begins` is not told of.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`], [`WalletError::ServerAway`], [`WalletError::Storage`].
    pub(super) fn hear_events(&self, begins: bool) -> Result<bool, WalletError> {
        let (server, known) = (self.answers.server()?, self.member.known());
        let owner = known.begins_transfer()?;
        let token = self.member.token()?;
        let heard = self.news.heard(owner)?;
        if heard.is_none() && !begins {
            return Ok(false);
        }
        let failed = |problem| self.answers.failed(problem, &self.member, &token);
        let events = server.events(&token, heard, 0).map_err(failed)?;
        let mut refunds = Vec::new();
        for event in &events.events {
            if let EventOf::Refund(id) = event.of {
                refunds.extend(refund(server, &token, id).map_err(failed)?);
            }
        }
        // Before they are told of: each is told of once.
        self.news.hear(owner, events.after)?;
        self.tell_refunds(&refunds);
        if !refunds.is_empty() {
            let _ = self.balances();
        }
        Ok(!events.events.is_empty() || events.missed)
    }
}

/// The refund of this id; `None` where the server says nothing of it, or of another.
fn refund(
    server: &WalletServer,
    token: &Token,
    id: Uuid,
) -> Result<Option<SettlementRefund>, CallProblem> {
    match server.refund(token, id) {
        Ok(told) => {
            let SettlementRefund { refund, settlement } = &told;
            let is_this = refund.id == id && refund.settlement == settlement.id;
            Ok(Some(told).filter(|_| is_this))
        }
        Err(CallProblem::Refused) => Ok(None),
        Err(problem) => Err(problem),
    }
}
