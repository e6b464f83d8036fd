//! By what a provider wakes a member's phone.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Has the device that asks told, by a provider, that there is something new: a push carries an event's id
/// and nothing of what happened. It takes the place of the one before, and goes when the device is logged out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushToken {
    /// The provider, by a word that the app and the wallet company agree on: 1 to 32 of `a-z`, `0-9`,
    /// `-`, `_`.
    pub service: String,
    /// By what the provider reaches the device: 1 to 4096 visible ASCII characters. Secret.
    pub token: String,
}

/// Leaves the token out.
impl fmt::Debug for PushToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushToken").field("service", &self.service).finish_non_exhaustive()
    }
}
