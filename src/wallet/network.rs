//! The network that this phone belongs to, as its server described it under the root key.

use std::sync::{Arc, Mutex, PoisonError};

use domain::{Timestamp, wire::Network};
use uuid::Uuid;

/// A network is described anew once in years; a phone that fetches tiles hears of it within this time.
const DUE_MS: i64 = 24 * 3_600_000;

/// Owns the description.
#[derive(Default)]
pub(super) struct KnownNetwork {
    /// `None` before the server was asked for the first time. Taken alone.
    known: Mutex<Option<Arc<Network>>>,
    /// When the server said so last; `None` since the app began. Taken alone.
    heard_at: Mutex<Option<Timestamp>>,
}

impl KnownNetwork {
    /// As it was kept.
    pub fn kept(known: Option<Network>) -> Self {
        Self { known: known.map(Arc::new).into(), heard_at: None.into() }
    }

    /// The description, once there is one.
    pub fn get(&self) -> Option<Arc<Network>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The proximity UUID of its beacons.
    pub fn beacons(&self) -> Option<Uuid> {
        self.get().map(|network| network.beacon_uuid())
    }

    /// What the server says now; whether that is new.
    pub fn heard(&self, network: Network, now: Timestamp) -> bool {
        *self.heard_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = known.as_deref() != Some(&network);
        *known = Some(Arc::new(network));
        is_new
    }

    /// Whether the server is to be asked beside what else it is asked (`asks`), or by itself.
    pub fn is_due(&self, now: Timestamp, asks: bool) -> bool {
        let heard = *self.heard_at.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = heard.is_some_and(|at| (0..DUE_MS).contains(&now.millis_since(at)));
        !lately && (asks || self.get().is_none())
    }
}
