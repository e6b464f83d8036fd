//! What the root key signs, the list of keys and the description of the network: a body, and its
//! signatures.

use anyhow::{Context, ensure};
use domain::{
    Timestamp,
    wire::{BodyDigest, Key, KeyUse, Keys, Signature, SigningKey},
};
use serde::{Serialize, de::DeserializeOwned};
use server_kit::{DAY_MS, hex};

/// Where the list is served.
pub const KEYS_PATH: &str = "/v1/keys";
/// A phone that is kept from newer lists learns of a revocation this late at worst, milliseconds.
const GOOD_FOR_MS: i64 = 30 * DAY_MS;
/// Whoever keeps the root key elsewhere has this long to sign anew, milliseconds.
const RENEW_BEFORE_MS: i64 = 15 * DAY_MS;

/// What the root key signed, as it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Grows with every change of the body.
    pub revision: i64,
    /// JSON, byte for byte as it was signed.
    pub body: String,
    /// Until when the root key vouches for it.
    pub valid_until: Timestamp,
    /// Values of the header field, one for each root key.
    pub signatures: Vec<String>,
}

impl Document {
    /// Signs what is served under `path` with all `roots`.
    pub fn sign(
        path: &str,
        contents: &impl Serialize,
        revision: i64,
        roots: &[SigningKey],
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        ensure!(
            !roots.is_empty(),
            "signing {path} takes the root key: put `root.key` back into the data folder, or name its \
             file with `keys --root FILE`"
        );
        let body = serde_json::to_string(contents)?;
        let digest = BodyDigest::of(body.as_bytes());
        let valid_until = Timestamp(now.0.saturating_add(GOOD_FOR_MS));
        let signed = |root| Signature::sign(root, path, revision, valid_until, digest).to_string();
        let signatures = roots.iter().map(signed).collect();
        Ok(Self { revision, body, valid_until, signatures })
    }

    /// What is in it.
    pub fn contents<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        serde_json::from_str(&self.body)
            .context("what the root key signed is damaged in the database")
    }

    /// Whether that is in it.
    pub fn says(&self, contents: &impl Serialize) -> anyhow::Result<bool> {
        Ok(self.body == serde_json::to_string(contents)?)
    }

    /// Whether it should be signed anew soon.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.valid_until.millis_since(now) < RENEW_BEFORE_MS
    }

    /// The revision after this one. By the clock, so that one made after a backup was put back is
    /// still larger than those made before.
    pub fn next_revision(&self, now: Timestamp) -> i64 {
        now.0.max(self.revision.saturating_add(1))
    }
}

/// A public key as lists have it.
pub fn digits(key: &SigningKey) -> String {
    hex(key.verifying_key().as_bytes())
}

/// Puts a key on the list, unless it is there; whether it was not.
pub fn add(keys: &mut Keys, key: &SigningKey, signs: KeyUse) -> bool {
    let ed25519 = digits(key);
    let is_new = !keys.keys.iter().any(|key| key.ed25519 == ed25519 && key.signs == signs);
    if is_new {
        keys.keys.push(Key { ed25519, signs, revoked: false });
    }
    is_new
}

/// Marks a key as revoked; whether it is on the list.
pub fn revoke(keys: &mut Keys, ed25519: &str) -> bool {
    let mut found = false;
    for key in keys.keys.iter_mut().filter(|key| key.ed25519 == ed25519) {
        (key.revoked, found) = (true, true);
    }
    found
}
