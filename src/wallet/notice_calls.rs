//! The wallet's calls about notices: who is told, and at which doors nothing is said.

use std::sync::Arc;

use domain::StoreId;

use super::{notices::NoticeListener, object::Wallet};
use crate::error::{SignalProblem, WalletError};

/// A store at whose door nothing is said.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct MutedStore {
    /// Its id.
    pub id: String,
    /// Its name; empty when it has none or is not known to this phone any more.
    pub name: String,
}

#[uniffi::export]
impl Wallet {
    /// Who is told of notices; `None` for nobody. `doors_a_day`: at most so many stores in 24 hours say at
    /// their door what works there, each once a visit and only while the settlement screen is closed; 0 for
    /// none, at most 20.
    pub fn set_notice_listener(&self, listener: Option<Arc<dyn NoticeListener>>, doors_a_day: u32) {
        self.parts.notices.set(listener.map(|listener| (listener, doors_a_day)));
    }

    /// Says nothing at the door of a store any more, or says it again. Kept with the member, and forgotten at
    /// log-out; of more than 256 stores the one muted longest ago is heard again.
    ///
    /// # Errors
    /// [`WalletError::Signal`] for what is no store's id, [`WalletError::NotLoggedIn`],
    /// [`WalletError::Storage`].
    pub fn mute_store(&self, store_id: String, mutes: bool) -> Result<(), WalletError> {
        let id = store_id.parse().map(StoreId);
        let id = id.map_err(|_| SignalProblem::StoreUnknown.error())?;
        self.parts.member.mute(id, mutes)
    }

    /// The stores at whose doors nothing is said, the one muted last first.
    pub fn muted_stores(&self) -> Vec<MutedStore> {
        let known = self.parts.member.known();
        let row =
            |id: &StoreId| MutedStore { id: id.to_string(), name: self.parts.stores.name(*id) };
        known.muted.iter().rev().map(row).collect()
    }
}
