//! Secrets that must be had back, sealed with a key that is not in the database: a stolen table tells
//! none of them.

use std::path::Path;

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use server_kit::{DatabaseError, random_bytes, secret};

const NONCE_LEN: usize = 24;

/// A key that seals a secret for its place: moved to another row, it does not open.
pub struct SealingKey(XChaCha20Poly1305);

impl SealingKey {
    /// Reads the key file `name` of the data folder, or makes it.
    ///
    /// # Errors
    /// When it cannot be read or made, or does not hold 32 bytes in hexadecimal.
    pub fn open(data: &Path, name: &str) -> anyhow::Result<Self> {
        Ok(Self(XChaCha20Poly1305::new(&secret(data, name)?.into())))
    }

    /// `secret`, sealed for `place`.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn seal(&self, place: &str, secret: &str) -> Result<Vec<u8>, DatabaseError> {
        let sealed = || {
            let nonce: [u8; NONCE_LEN] = random_bytes().ok()?;
            let payload = Payload { msg: secret.as_bytes(), aad: place.as_bytes() };
            let sealed = self.0.encrypt(&XNonce::from(nonce), payload).ok()?;
            Some([&nonce[..], &sealed].concat())
        };
        sealed().ok_or_else(|| DatabaseError::Encode("the secret cannot be sealed".into()))
    }

    /// What was sealed for `place`; `None` when it was sealed with another key or for another place.
    pub fn unseal(&self, place: &str, sealed: &[u8]) -> Option<String> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        let plain = self.0.decrypt(&XNonce::from(*nonce), payload).ok()?;
        String::from_utf8(plain).ok()
    }
}
