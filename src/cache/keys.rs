//! The register's keys, and the numbers by which the tables know things.

use domain::{Bssid, Timestamp, wire::KeyUse};

/// A key of the register's list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListedKey {
    /// The public key.
    pub ed25519: [u8; 32],
    /// What it may sign.
    pub signs: KeyUse,
    /// Whether nothing it signed is believed any more.
    pub revoked: bool,
}

/// A key that may sign what is asked about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RegisterKey {
    /// The public key.
    pub ed25519: [u8; 32],
    /// Whether nothing it signed is believed any more.
    pub revoked: bool,
}

/// A body that a key of the register vouches for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vouched {
    /// Grows with every change of what is signed.
    pub revision: i64,
    /// Until when the register vouches for it, by the server's clock.
    pub valid_until: Timestamp,
    /// The public key that signed.
    pub key: [u8; 32],
}

/// The table's form of what a key signs.
pub(super) fn use_number(signs: KeyUse) -> i64 {
    match signs {
        KeyUse::StoreCodes => 1,
        KeyUse::Tiles => 2,
        KeyUse::Receipts => 3,
        KeyUse::Other => 0,
    }
}

/// The table's form of an address: its 48 bits.
pub(super) fn address_number(Bssid(bytes): Bssid) -> i64 {
    bytes.iter().fold(0, |number, byte| number << 8 | i64::from(*byte))
}
