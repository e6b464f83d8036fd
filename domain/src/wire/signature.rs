//! The signature by which the register vouches for a tile or for the key list: what is signed, and
//! the header field that carries it beside the body.
//!
//! The field is `Tillsight-Signature: key=K; revision=N; until=T; sig=S`: the signer's Ed25519 key
//! (64 hexadecimal digits), a number that only grows, milliseconds since 1970, and the signature
//! (128 hexadecimal digits) over these five lines, each ended by a line feed:
//!
//! ```text
//! tillsight-signature-v1
//! /v1/tiles/456122368/456124416
//! 1795305600000
//! 1795996800000
//! SHA-256 of the body's bytes, 64 hexadecimal digits in lower case
//! ```
//!
//! The body is hashed as it is before any content encoding, and its form does not matter to the
//! signature. The field may come more than once, with one key each.

use std::fmt;

use ed25519_dalek::Signer;
pub use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::Timestamp;

/// The header field's name.
pub const SIGNATURE_FIELD: &str = "tillsight-signature";

/// Longer than any field a signer writes; more is not read.
const MOST_BYTES: usize = 1_024;

/// Tells these signatures from those under store codes.
const CONTEXT: &str = "tillsight-signature-v1";

/// SHA-256 of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyDigest(pub [u8; 32]);

impl BodyDigest {
    /// Of these bytes.
    pub fn of(body: &[u8]) -> Self {
        Self(Sha256::digest(body).into())
    }
}

/// Prints the hexadecimal digits.
impl fmt::Display for BodyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base16ct::lower::encode_string(&self.0))
    }
}

/// A signature as it came. Says nothing until [`Signature::is_over`] was asked, and who may sign is
/// the reader's to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The Ed25519 public key of the signer, as the field names it.
    pub key: [u8; 32],
    /// Grows with every change of what is signed; not negative.
    pub revision: i64,
    /// Until when the signer vouches for it.
    pub valid_until: Timestamp,
    /// Ed25519, over the lines above.
    pub bytes: [u8; 64],
}

impl Signature {
    /// Signs a body that is served under `path`, absolute and without host.
    pub fn sign(
        key: &SigningKey,
        path: &str,
        revision: i64,
        valid_until: Timestamp,
        body: BodyDigest,
    ) -> Self {
        let bytes = key.sign(&signed(path, revision, valid_until, body)).to_bytes();
        Self { key: key.verifying_key().to_bytes(), revision, valid_until, bytes }
    }

    /// Reads the field's value; `None` for anything that is not one. Parts with other names are
    /// passed over, one that comes twice makes it none.
    pub fn parse(value: &str) -> Option<Self> {
        let (mut key, mut revision, mut until, mut bytes) = (None, None, None, None);
        if value.len() > MOST_BYTES {
            return None;
        }
        for part in value.split(';') {
            let (name, value) = part.trim().split_once('=')?;
            let first = match name {
                "key" => key.replace(hexadecimal::<32>(value)?).is_none(),
                "revision" => revision.replace(number(value)?).is_none(),
                "until" => until.replace(number(value)?).is_none(),
                "sig" => bytes.replace(hexadecimal::<64>(value)?).is_none(),
                _ => true,
            };
            if !first {
                return None;
            }
        }
        Some(Self { key: key?, revision: revision?, valid_until: Timestamp(until?), bytes: bytes? })
    }

    /// Whether the key it names signed exactly this body for this path.
    pub fn is_over(&self, path: &str, body: BodyDigest) -> bool {
        let message = signed(path, self.revision, self.valid_until, body);
        let signature = ed25519_dalek::Signature::from_bytes(&self.bytes);
        VerifyingKey::from_bytes(&self.key)
            .is_ok_and(|key| key.verify_strict(&message, &signature).is_ok())
    }
}

/// Prints the field's value.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, revision, valid_until: Timestamp(until), bytes } = self;
        let (key, signature) =
            (base16ct::lower::encode_string(key), base16ct::lower::encode_string(bytes));
        write!(f, "key={key}; revision={revision}; until={until}; sig={signature}")
    }
}

/// Reads a public key: 64 hexadecimal digits that are a point of the curve, and not one of the few
/// for which anyone can make signatures.
pub fn public_key(digits: &str) -> Option<VerifyingKey> {
    let key = VerifyingKey::from_bytes(&hexadecimal(digits)?).ok()?;
    (!key.is_weak()).then_some(key)
}

fn signed(path: &str, revision: i64, Timestamp(until): Timestamp, body: BodyDigest) -> Vec<u8> {
    format!("{CONTEXT}\n{path}\n{revision}\n{until}\n{body}\n").into_bytes()
}

fn hexadecimal<const N: usize>(digits: &str) -> Option<[u8; N]> {
    base16ct::mixed::decode_vec(digits).ok()?.try_into().ok()
}

/// A number without a sign.
fn number(digits: &str) -> Option<i64> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}
