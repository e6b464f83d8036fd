//! What is known of the member, in memory and as it is sealed.

use domain::{StoreId, Timestamp, wire::Methods};
use uuid::Uuid;

use crate::{
    error::WalletError,
    phone::{PositionUse, Secrets, Token},
    reports::Reports,
};

/// What is known of the member: a snapshot that is replaced, never changed.
#[derive(Clone, Default)]
pub(super) struct Known {
    pub token: Option<Token>,
    pub methods: Option<Methods>,
    /// How often the member was in which stores, the latest last.
    pub visits: Vec<(StoreId, u32)>,
    /// Refresh tokens of sessions that were logged out here and are still to be ended at the server.
    pub log_outs: Vec<String>,
    /// The key that this phone's sessions are bound to, once there was one.
    pub key: Option<[u8; 32]>,
    /// What the wallet server knows this phone by at a log-in.
    pub device: Option<String>,
    /// Whose transfers are this member's: the same whenever the same member logs in.
    pub owner: Option<Uuid>,
    /// Stores at whose doors nothing is said.
    pub muted: Vec<StoreId>,
    /// At which doors it was said what works there, and when.
    pub told: Vec<(StoreId, Timestamp)>,
    /// What left the phone that tells where it is, the latest last.
    pub position_uses: Vec<PositionUse>,
    /// What the member reports of stores.
    pub reports: Reports,
    /// Whether the last question to the server got a usable answer; `None` before the first.
    pub server_answered: Option<bool>,
    /// The number of the question that `methods` answers; 0 for what the vault kept.
    pub question: u64,
    /// Questions that the server has not answered yet, by number, and when they were asked.
    pub waiting: Vec<(u64, Timestamp)>,
}

impl From<Secrets> for Known {
    fn from(secrets: Secrets) -> Self {
        let Secrets { token, methods, visits, log_outs, device, owner, key, .. } = secrets;
        let Secrets { muted, told, position_uses, reports, .. } = secrets;
        let last = Self { muted, told, position_uses, reports, ..Self::default() };
        Self { token, methods, visits, log_outs, device, owner, key, ..last }
    }
}

impl Known {
    pub fn secrets(&self) -> Secrets {
        let Self { token, methods, visits, log_outs, device, owner, key, .. } = self.clone();
        let Self { muted, told, position_uses, reports, .. } = self.clone();
        Secrets {
            token,
            methods,
            visits,
            log_outs,
            device,
            owner,
            key,
            muted,
            told,
            position_uses,
            reports,
        }
    }

    /// Whose transfer it is that is begun now.
    ///
    /// # Errors
    /// [`WalletError::NotLoggedIn`].
    pub fn begins_transfer(&self) -> Result<Uuid, WalletError> {
        self.token.as_ref().and(self.owner).ok_or_else(WalletError::not_logged_in)
    }

    /// How long the server lets the member wait for an answer, milliseconds; `None` while nothing is
    /// asked.
    pub fn waits_ms(&self, now: Timestamp) -> Option<i64> {
        self.waiting.iter().map(|(_, asked_at)| now.millis_since(*asked_at)).max()
    }

    pub fn has(&self, token: &Token) -> bool {
        self.token.as_ref().is_some_and(|known| known.session == token.session)
    }
}
