//! The list of the register's public keys, and what each may sign.

use serde::{Deserialize, Serialize};

/// The public keys of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// Every key that may still be met, revoked ones marked.
    pub keys: Vec<Key>,
}

/// One public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Ed25519, 64 hexadecimal digits.
    pub ed25519: String,
    /// What it may sign; anything else under it is not believed.
    pub signs: KeyUse,
    /// Whether nothing signed with it is to be believed any more.
    pub revoked: bool,
}

/// What a key of the register signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyUse {
    /// The codes that stores show.
    StoreCodes,
    /// Store tiles.
    Tiles,
    /// Receipts of what members paid.
    Receipts,
    /// Something that this build does not know.
    #[serde(other)]
    Other,
}
