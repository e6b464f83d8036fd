//! The keys that may sign store codes: several at a time, retired by rotation, revoked when lost.

use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};

/// The first four bytes of SHA-256 of a public key. It selects a key and proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub [u8; 4]);

impl KeyId {
    /// The id of this key.
    pub fn of(key: &VerifyingKey) -> Self {
        let digest = Sha256::digest(key.as_bytes());
        Self(digest.first_chunk().copied().unwrap_or_default())
    }
}

/// What a key is still good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It signs and its codes are believed.
    Active,
    /// Rotation: it signs no more. Codes that begin after this day (days since 1970-01-01, UTC) are
    /// refused, those printed before live out their days.
    Retired {
        /// The last day on which a code of this key may begin.
        last_day: u16,
    },
    /// It was lost or misused: nothing it ever signed is believed.
    Revoked,
}

/// One public key of the signed store register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey {
    /// The Ed25519 key.
    pub key: VerifyingKey,
    /// What it is still good for.
    pub state: KeyState,
}

impl PublicKey {
    /// A key in use.
    pub fn active(key: VerifyingKey) -> Self {
        Self { key, state: KeyState::Active }
    }
}

/// The keys a phone trusts. During a rotation at least two are active.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<PublicKey>,
}

impl KeySet {
    /// The keys, in the order they were added.
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// Adds a key. One that is already there only ever gets worse: a revoked key is not made active
    /// again by a late or repeated message.
    pub fn add(&mut self, added: PublicKey) {
        match self.keys.iter_mut().find(|known| known.key == added.key) {
            Some(known) => known.state = worse(known.state, added.state),
            None => self.keys.push(added),
        }
    }

    /// Rotation: codes of this key that begin after `last_day` are refused from now on.
    pub fn retire(&mut self, id: KeyId, last_day: u16) {
        self.worsen(id, KeyState::Retired { last_day });
    }

    /// Nothing that a key with this id signed is believed any more.
    pub fn revoke(&mut self, id: KeyId) {
        self.worsen(id, KeyState::Revoked);
    }

    /// The keys with this id: four bytes may collide, so there can be several.
    pub fn with_id(&self, id: KeyId) -> impl Iterator<Item = &PublicKey> {
        self.keys.iter().filter(move |known| KeyId::of(&known.key) == id)
    }

    fn worsen(&mut self, id: KeyId, state: KeyState) {
        for known in self.keys.iter_mut().filter(|known| KeyId::of(&known.key) == id) {
            known.state = worse(known.state, state);
        }
    }
}

impl FromIterator<PublicKey> for KeySet {
    fn from_iter<I: IntoIterator<Item = PublicKey>>(keys: I) -> Self {
        let mut set = Self::default();
        keys.into_iter().for_each(|key| set.add(key));
        set
    }
}

fn worse(a: KeyState, b: KeyState) -> KeyState {
    match (a, b) {
        (KeyState::Revoked, _) | (_, KeyState::Revoked) => KeyState::Revoked,
        (KeyState::Retired { last_day: a }, KeyState::Retired { last_day: b }) => {
            KeyState::Retired { last_day: a.min(b) }
        }
        (retired @ KeyState::Retired { .. }, KeyState::Active)
        | (KeyState::Active, retired @ KeyState::Retired { .. }) => retired,
        (KeyState::Active, KeyState::Active) => KeyState::Active,
    }
}
