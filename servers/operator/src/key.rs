//! The wallet company's key.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The wallet company's key, as its digest: digests have one length, so that comparing them takes
/// one time whatever was sent.
pub struct Key([u8; 32]);

impl Key {
    /// The digest of `key`.
    pub fn of(key: &SecretString) -> Self {
        Self(Sha256::digest(key.expose_secret()).into())
    }

    /// Whether what was `sent` is the key.
    pub fn opens(&self, sent: &str) -> bool {
        let sent: [u8; 32] = Sha256::digest(sent).into();
        self.0.ct_eq(&sent).into()
    }
}
