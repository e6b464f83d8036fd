//! How resolver and beacon agree on an identity key when the beacon is set up.

use super::IdentityKey;
use hkdf::Hkdf;
use sha2::Sha256;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};

/// The X25519 public key of a secret of 32 random bytes.
pub fn public_key(secret: [u8; 32]) -> [u8; 32] {
    x25519(secret, X25519_BASEPOINT_BYTES)
}

/// The identity key, worked out by the resolver. `None` if the other key is not a proper one (the
/// shared secret is all zero), which an attacker could choose.
pub fn agree_as_resolver(secret: [u8; 32], beacon_public: [u8; 32]) -> Option<IdentityKey> {
    derive(x25519(secret, beacon_public), public_key(secret), beacon_public)
}

/// The identity key, worked out by the beacon. `None` as for [`agree_as_resolver`].
pub fn agree_as_beacon(secret: [u8; 32], resolver_public: [u8; 32]) -> Option<IdentityKey> {
    derive(x25519(secret, resolver_public), resolver_public, public_key(secret))
}

fn derive(shared: [u8; 32], resolver: [u8; 32], beacon: [u8; 32]) -> Option<IdentityKey> {
    if shared == [0; 32] {
        return None;
    }
    let mut key = [0; 16];
    let salt = [resolver, beacon].concat();
    Hkdf::<Sha256>::new(Some(&salt), &shared).expand(&[], &mut key).ok()?;
    Some(IdentityKey(key))
}
