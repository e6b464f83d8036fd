//! The keys of the network's rotating beacons (Eddystone-EID).
//!
//! Every store's identity key is made from one secret of this server. A store's own terminal is
//! given it; phones are told the ids of the next hour alone, which prove a beacon to be no
//! recording and tell nothing of later ids.

use std::path::Path;

use domain::{StoreId, Timestamp, wire::BeaconKey};
use server_kit::{hex, secret};
use sha2::{Digest, Sha256};
use signs::eid::{BeaconClock, IdentityKey};

/// An id lasts 2^9 s, eight and a half minutes: a recording is worth nothing soon after, and a
/// beacon whose clock drifts by the usual 13 s a day stays within the window next to it for a month.
pub const CLOCK: BeaconClock = BeaconClock { exponent: 9, epoch_unix_s: 0 };

/// Makes the identity keys.
pub struct Beacons {
    secret: [u8; 32],
}

impl Beacons {
    /// Reads `beacon.key` of the data folder, or makes it.
    ///
    /// # Errors
    /// As for the signing key.
    pub fn open(data: &Path) -> anyhow::Result<Self> {
        Ok(Self { secret: secret(data, "beacon.key")? })
    }

    pub(super) fn identity_key(&self, store: StoreId) -> IdentityKey {
        // Both parts have a fixed length, so no two stores hash alike.
        let digest =
            Sha256::new_with_prefix(self.secret).chain_update(store.0.as_bytes()).finalize();
        IdentityKey(std::array::from_fn(|at| digest[at]))
    }

    /// What the beacon of `store` needs to send its ids.
    pub fn key(&self, store: StoreId) -> BeaconKey {
        BeaconKey {
            identity_key: hex(&self.identity_key(store).0),
            exponent: CLOCK.exponent,
            epoch_unix_s: CLOCK.epoch_unix_s,
        }
    }

    /// Whether the beacon of `store` sends the id `eid`, 8 bytes in hexadecimal, at some time from `from` until before
    /// `until`.
    pub fn sent(&self, store: StoreId, eid: &str, from: Timestamp, until: Timestamp) -> bool {
        let (from, last) = (from.unix_seconds(), until.unix_seconds().saturating_sub(1));
        let key = self.identity_key(store);
        let mut rows = key.rows(CLOCK, from, last);
        eid.len() == 16 && rows.any(|row| hex(&row.eid) == eid)
    }
}
