//! The operator's key, with which it signs its callbacks.

use std::path::Path;

use data_encoding::BASE64;
use domain::wire::signed_callback;
use ed25519_dalek::{Signer, SigningKey};
use server_kit::{hex, secret};

/// Signs callbacks as the Standard Webhooks specification has it for Ed25519.
pub struct Signing(SigningKey);

impl Signing {
    /// The key beside the database; made when it is missing.
    ///
    /// # Errors
    /// When it cannot be read or made.
    pub fn beside(database: &Path) -> anyhow::Result<Self> {
        let folder = database.parent().unwrap_or_else(|| Path::new(""));
        let name = database.file_stem().unwrap_or_default().to_string_lossy();
        let key = secret(folder, &format!("{name}-callback.key"))?;
        Ok(Self(SigningKey::from_bytes(&key)))
    }

    /// The public key in hexadecimal.
    pub fn public(&self) -> String {
        hex(self.0.verifying_key().as_bytes())
    }

    /// The header `webhook-signature` of a callback.
    pub fn sign(&self, id: &str, sent_at_s: &str, body: &[u8]) -> String {
        let signature = self.0.sign(&signed_callback(id, sent_at_s, body));
        format!("v1a,{}", BASE64.encode(&signature.to_bytes()))
    }
}
