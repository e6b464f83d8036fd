//! The secret that is mixed into hashes of short codes: without its file, a stolen database gives
//! none of them away.

use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use server_kit::{hex, secret};
use sha2::Sha256;
use uuid::Uuid;

/// The pepper, apart for each use.
pub struct Pepper {
    settlement_codes: [u8; 32],
    one_time_codes: [u8; 32],
    subjects: [u8; 32],
    payment_tokens: [u8; 32],
}

impl Pepper {
    /// Reads `pepper.key` of the data folder, or makes it.
    ///
    /// # Errors
    /// When it cannot be read or made, or does not hold 32 bytes in hexadecimal.
    pub fn open(data: &Path) -> anyhow::Result<Self> {
        let pepper = secret(data, "pepper.key")?;
        Ok(Self {
            settlement_codes: mac(&pepper, &[b"settlement codes"]),
            one_time_codes: mac(&pepper, &[b"one-time codes"]),
            subjects: mac(&pepper, &[b"subjects of guesses"]),
            payment_tokens: mac(&pepper, &[b"payment tokens"]),
        })
    }

    /// What Argon2id is keyed with for settlement codes.
    pub fn of_settlement_codes(&self) -> &[u8; 32] {
        &self.settlement_codes
    }

    /// Under what the one-time code for `id` is kept.
    pub fn of_one_time_code(&self, id: Uuid, code: &str) -> String {
        hex(&mac(&self.one_time_codes, &[id.as_bytes(), code.as_bytes()]))
    }

    /// What the payment token of `id` is made of: nobody without the pepper's file guesses it, and it
    /// need not be kept to be told again.
    pub fn payment_token(&self, id: Uuid) -> [u8; 32] {
        mac(&self.payment_tokens, &[id.as_bytes()])
    }

    /// Under what tries at `subject` are counted: nobody reads an address or a name off it.
    pub fn of_subject(&self, subject: &str) -> String {
        hex(&mac(&self.subjects, &[subject.as_bytes()]))
    }
}

/// HMAC-SHA256 over `parts`.
pub fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC fills a shorter key up to its block with zeros (RFC 2104).
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
