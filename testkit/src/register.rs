//! A register for tests and benches: keys that everyone may know, and answers signed with them.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use domain::{
    Store, Timestamp,
    wire::{
        BodyDigest, BoundSession, Cell, Key, KeyUse, Keys, NETWORK_PATH, Network, REPORT_KEY_PATH,
        SIGNATURE_FIELD, Signature, SigningKey, TileList,
    },
};
use serde::Serialize;
use tillsight::phone::{HttpHeader, HttpReply};
use uuid::Uuid;

/// 2100-01-01T00:00:00Z: no test is later.
pub const FAR: Timestamp = Timestamp::from_unix_seconds(4_102_444_800);

/// The key that vouches for the list of keys.
pub fn root() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

/// The key that vouches for tiles.
pub fn tile_key() -> SigningKey {
    SigningKey::from_bytes(&[2; 32])
}

/// The public half of a key, as configurations and lists have it.
pub fn digits(key: &SigningKey) -> String {
    HEXLOWER.encode(key.verifying_key().as_bytes())
}

/// What a wallet of tests is opened with.
pub fn root_key() -> String {
    digits(&root())
}

/// The proximity UUID of the beacons of the tests' network.
pub const BEACONS: Uuid = Uuid::from_u128(0x5af1_e0de_0000_4000_8000_7761_6c6c_6574);

/// The tests' network.
///
/// # Panics
/// Never: it is a description.
pub fn network() -> Network {
    Network::new("Tillsight", BEACONS, "tillsight.example", "#0b5d4e").expect("it is a description")
}

/// The list with the one key for tiles.
pub fn keys() -> Keys {
    let ed25519 = digits(&tile_key());
    Keys { keys: vec![Key { ed25519, signs: KeyUse::Tiles, revoked: false }] }
}

/// Tiles of one cell with stores each, as far as their cells are apart.
pub fn tile_list(stores: &[Store]) -> TileList {
    let mut counts = BTreeMap::new();
    for store in stores {
        *counts.entry(Cell::of(store.position)).or_insert(0) += 1;
    }
    TileList::of(&counts.into_iter().collect::<Vec<_>>(), 1)
}

/// A session under this token, which is its refresh token, too.
pub fn session(token: &str) -> BoundSession {
    BoundSession {
        token: token.to_owned(),
        expires_at: FAR,
        refresh_token: token.to_owned(),
        refresh_expires_at: FAR,
        device: None,
    }
}

/// An answer with this body, and nobody who vouches for it.
///
/// # Panics
/// When the body cannot be written as JSON.
pub fn reply(body: &impl Serialize) -> HttpReply {
    let body = serde_json::to_vec(body).expect("a body is JSON");
    HttpReply { status: 200, headers: Vec::new(), body }
}

/// The same, signed for `path` as revision 1 by the key that vouches for it.
pub fn signed(path: &str, body: &impl Serialize) -> HttpReply {
    let key = if matches!(path, "/v1/keys" | NETWORK_PATH | REPORT_KEY_PATH) {
        root()
    } else {
        tile_key()
    };
    signed_by(&key, path, 1, FAR, body)
}

/// The same, signed by any key, as any revision, for any time.
pub fn signed_by(
    key: &SigningKey,
    path: &str,
    revision: i64,
    valid_until: Timestamp,
    body: &impl Serialize,
) -> HttpReply {
    let mut reply = reply(body);
    let digest = BodyDigest::of(&reply.body);
    let signature = Signature::sign(key, path, revision, valid_until, digest);
    let name = SIGNATURE_FIELD.to_owned();
    reply.headers.push(HttpHeader { name, value: signature.to_string() });
    reply
}
