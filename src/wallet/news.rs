//! What the app handed over so that a provider can wake it, and up to where the phone has heard of what
//! happens at the server.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use uuid::Uuid;

use crate::{error::WalletError, transfers::Outbox};

/// When a token is handed on again that did not come through.
pub(super) const AGAIN: Duration = Duration::from_secs(60);

/// By what a provider reaches this app on this phone. Secret, so its `Debug` tells nothing.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug)]
pub struct PushToken {
    /// The provider, by a word that the app and the wallet company agree on: 1 to 32 of `a-z`, `0-9`,
    /// `-`, `_`.
    pub service: String,
    /// As the provider gave it: 1 to 4096 visible ASCII characters.
    pub token: String,
}

impl fmt::Debug for PushToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushToken").finish_non_exhaustive()
    }
}

/// Owns what the app handed over.
pub(super) struct News {
    /// Shared with the transfers.
    outbox: Arc<Outbox>,
    /// Held only to copy or replace it.
    handed: Mutex<Handed>,
}

/// `None`: nothing was handed over since the app began.
#[derive(Default)]
struct Handed {
    /// Inside: the token, or that there is none any more.
    token: Option<Option<PushToken>>,
    /// The session in which the server has heard of it.
    told_in: Option<Uuid>,
    /// Before it is not tried again.
    not_before: Option<Instant>,
}

impl News {
    /// What `outbox` holds of them.
    pub fn of(outbox: Arc<Outbox>) -> Self {
        Self { outbox, handed: Mutex::default() }
    }

    /// The app hands a token over, or says that it has none any more.
    pub fn hand(&self, token: Option<PushToken>) {
        let mut handed = self.handed();
        if handed.token.as_ref() != Some(&token) {
            *handed = Handed { token: Some(token), ..Handed::default() };
        }
    }

    /// What the server is to hear of in this session.
    pub fn untold(&self, session: Uuid) -> Option<Option<PushToken>> {
        let handed = self.handed();
        let is_due = handed.not_before.is_none_or(|at| at <= Instant::now());
        (handed.told_in != Some(session) && is_due).then(|| handed.token.clone()).flatten()
    }

    /// The server has heard of `token` in this session, or it was not reached.
    pub fn told(&self, token: &Option<PushToken>, session: Option<Uuid>) {
        let mut handed = self.handed();
        if handed.token.as_ref() == Some(token) {
            handed.told_in = session;
            handed.not_before = session.is_none().then(|| Instant::now() + AGAIN);
        }
    }

    /// The newest event that was heard for `owner`; `None` before the first question.
    ///
    /// # Errors
    /// [`WalletError::Storage`].
    pub fn heard(&self, owner: Uuid) -> Result<Option<i64>, WalletError> {
        Ok(self.outbox.heard(owner)?)
    }

    /// All up to `event` was heard for `owner`.
    ///
    /// # Errors
    /// [`WalletError::Storage`].
    pub fn hear(&self, owner: Uuid, event: i64) -> Result<(), WalletError> {
        Ok(self.outbox.hear(owner, event)?)
    }

    fn handed(&self) -> MutexGuard<'_, Handed> {
        self.handed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
