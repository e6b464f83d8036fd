//! What the register vouches for, under which keys, and how these come and go.

use domain::{
    Position, Timestamp, Week,
    wire::{
        BodyDigest, Cell, KeyUse, Keys, NETWORK_PATH, Network, REPORT_KEY_PATH, ReportKeys,
        SIGNATURE_FIELD, Signature, TileId,
    },
};
use serde_json::json;
use uuid::Uuid;
use wallet_server::{RegisterKeys, register::Import};

use crate::world::{NOW, World, network};

const DAY_MS: i64 = 86_400_000;

/// The cell of Piazza Vittorio Emanuele as a tile.
fn piazza() -> String {
    let first = Cell::of(Position::from_degrees(41.895, 12.504).unwrap()).number();
    TileId::new(first, first + 1).unwrap().to_string()
}

/// The signatures of an answer, and the digest of its body.
async fn signed(world: &World, path: &str) -> (Vec<Signature>, Vec<u8>) {
    let reply = world.get(path).await;
    let fields = reply.headers().get_all(SIGNATURE_FIELD);
    let signatures =
        fields.iter().map(|field| Signature::parse(field.to_str().unwrap()).unwrap()).collect();
    (signatures, reply.bytes().await.unwrap().to_vec())
}

async fn tile(world: &World) -> Signature {
    let (signatures, body) = signed(world, &piazza()).await;
    let [signature] = signatures[..] else { panic!("{signatures:?}") };
    assert!(signature.is_over(&piazza(), BodyDigest::of(&body)));
    signature
}

/// The list's signature by each root key, and the list.
async fn list(world: &World) -> (Vec<Signature>, Keys) {
    let (signatures, body) = signed(world, "/v1/keys").await;
    let digest = BodyDigest::of(&body);
    assert!(signatures.iter().all(|signature| signature.is_over("/v1/keys", digest)));
    (signatures, serde_json::from_slice(&body).unwrap())
}

async fn keys_of(world: &World) -> RegisterKeys {
    RegisterKeys::open(&world.folder.path().join("wallet"), None).await.unwrap()
}

fn hex(key: [u8; 32]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the list has this key for tiles, and whether it is revoked there.
fn state(keys: &Keys, key: [u8; 32]) -> Option<bool> {
    let mut tiles = keys.keys.iter().filter(|key| key.signs == KeyUse::Tiles);
    tiles.find(|listed| listed.ed25519 == hex(key)).map(|listed| listed.revoked)
}

#[tokio::test]
async fn the_root_key_vouches_for_the_list_and_a_key_of_the_list_for_a_tile() {
    let world = World::in_rome().await;
    let (signatures, keys) = list(&world).await;
    let root = keys_of(&world).await.root().unwrap();
    assert_eq!(signatures.iter().map(|one| hex(one.key)).collect::<Vec<_>>(), [root]);
    let tile = tile(&world).await;
    assert_eq!(state(&keys, tile.key), Some(false));
    assert!(tile.valid_until > NOW && tile.revision > 0);
    world.stop().await;
}

#[tokio::test]
async fn a_tile_that_did_not_change_is_vouched_for_anew_each_day() {
    let world = World::in_rome().await;
    let first = world.get(&piazza()).await;
    let etag = first.headers()["etag"].to_str().unwrap().to_owned();
    let digest = BodyDigest::of(&first.bytes().await.unwrap());
    let before = tile(&world).await;
    assert_eq!(tile(&world).await, before, "all day the same signature");
    world.wait(DAY_MS);
    let url = format!("{}{}", world.url, piazza());
    let same = world.http.get(url).header("if-none-match", &etag).send().await.unwrap();
    assert_eq!(same.status(), 304);
    let after = Signature::parse(same.headers()[SIGNATURE_FIELD].to_str().unwrap()).unwrap();
    assert!(after.is_over(&piazza(), digest), "over the body the asker holds");
    assert_eq!(after.valid_until.millis_since(before.valid_until), DAY_MS);
    assert_eq!(after.revision, before.revision);
    world.stop().await;
}

#[tokio::test]
async fn a_changed_tile_has_a_larger_revision() {
    let world = World::in_rome().await;
    let before = tile(&world).await;
    let file = world.folder.path().join("new.csv");
    std::fs::write(&file, "name,lat,lon,shop\nNuovo,41.895,12.504,bakery\n").unwrap();
    let licence = Some("CC0-1.0".to_owned());
    world.import(Import { licence, ..Import::of(&file, NOW) }).await;
    assert!(tile(&world).await.revision > before.revision);
    world.stop().await;
}

#[tokio::test]
async fn a_running_server_follows_a_rotation_and_the_key_before_stays_believed() {
    let world = World::in_rome().await;
    let (before, old) = (list(&world).await.0[0], tile(&world).await);
    let mut keys = keys_of(&world).await;
    let made = keys.rotate(KeyUse::Tiles, false).await.unwrap();
    let new = tile(&world).await;
    assert_eq!((hex(new.key), new.key == old.key), (made, false));
    let (after, listed) = list(&world).await;
    assert_eq!((state(&listed, new.key), state(&listed, old.key)), (Some(false), Some(false)));
    assert!(after[0].revision > before.revision);
    keys.revoke(&hex(old.key).to_uppercase()).await.unwrap();
    assert_eq!(state(&list(&world).await.1, old.key), Some(true));
    let refused = keys.revoke(&hex(new.key)).await.unwrap_err().to_string();
    assert!(refused.contains("keys rotate tiles --revoke"), "{refused}");
    keys.rotate(KeyUse::Tiles, true).await.unwrap();
    assert_eq!(state(&list(&world).await.1, new.key), Some(true));
    assert_eq!(state(&list(&world).await.1, old.key), Some(true), "revocation only grows");
    world.stop().await;
}

#[tokio::test]
async fn a_printed_code_outlives_a_rotation_but_not_a_revocation() {
    let world = World::in_rome().await;
    let stores: Vec<domain::Store> =
        world.near(418_950_000, 125_040_000).await.json().await.unwrap();
    let path = format!("/v1/stores/{}/sign", stores[0].id);
    let sign: domain::wire::Sign = world.get(&path).await.json().await.unwrap();
    let token = world.token().await;
    let ask = || world.enter(&token, json!({"by": "store_code", "text": sign.code}));
    let mut keys = keys_of(&world).await;
    let (_, listed) = list(&world).await;
    let mut codes = listed.keys.iter().filter(|key| key.signs == KeyUse::StoreCodes);
    let old = codes.next().unwrap().ed25519.clone();
    keys.rotate(KeyUse::StoreCodes, false).await.unwrap();
    assert_eq!(ask().await.status(), 200);
    keys.revoke(&old).await.unwrap();
    assert_eq!(crate::world::problem(ask().await).await.code, "store_code_not_genuine");
    world.stop().await;
}

#[tokio::test]
async fn a_server_without_the_root_key_serves_the_list_it_has() {
    let world = World::in_rome().await;
    let data = world.folder.path().join("wallet");
    let kept = world.folder.path().join("elsewhere.key");
    std::fs::rename(data.join("root.key"), &kept).unwrap();
    let before = list(&world).await;
    world.wait(20 * DAY_MS);
    assert_eq!(list(&world).await, before, "served as it was signed");
    assert_eq!(state(&before.1, tile(&world).await.key), Some(false));
    let mut keys = keys_of(&world).await;
    let refused = keys.rotate(KeyUse::Tiles, false).await.unwrap_err().to_string();
    assert!(refused.contains("--root FILE"), "{refused}");
    assert!(!data.join("root.key").exists(), "no other root key is made");
    let mut keys = RegisterKeys::open(&data, Some(kept)).await.unwrap();
    keys.rotate(KeyUse::Tiles, false).await.unwrap();
    assert_eq!(list(&world).await.0[0].key, before.0[0].key);
    world.stop().await;
}

#[tokio::test]
async fn the_list_is_signed_anew_in_time() {
    let world = World::start().await;
    let before = list(&world).await;
    world.wait(20 * DAY_MS);
    let after = list(&world).await;
    assert!(after.0[0].valid_until > before.0[0].valid_until);
    assert_eq!((after.0[0].revision, &after.1), (before.0[0].revision, &before.1));
    world.stop().await;
}

#[tokio::test]
async fn two_root_keys_sign_while_one_follows_the_other() {
    let world = World::start().await;
    let mut keys = keys_of(&world).await;
    let (root, next) = (keys.root().unwrap(), keys.next_root().await.unwrap());
    let (signatures, _) = list(&world).await;
    assert_eq!(signatures.iter().map(|one| hex(one.key)).collect::<Vec<_>>(), [root, next]);
    world.stop().await;
}

/// The description's signature by each root key, and the description.
async fn described(world: &World) -> (Vec<Signature>, Network) {
    let (signatures, body) = signed(world, NETWORK_PATH).await;
    let digest = BodyDigest::of(&body);
    assert!(signatures.iter().all(|signature| signature.is_over(NETWORK_PATH, digest)));
    (signatures, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn the_root_key_vouches_for_the_network_and_another_description_is_a_newer_one() {
    let mut world = World::start().await;
    let mut keys = keys_of(&world).await;
    let (before, told) = described(&world).await;
    assert_eq!((hex(before[0].key), told), (keys.root().unwrap(), network()));
    world.restart().await;
    assert_eq!(described(&world).await.0, before, "served as it was signed");
    let other = Network::new("Other", Uuid::from_u128(7), "other.example", "#000000").unwrap();
    keys.describe(&other).await.unwrap();
    let (after, told) = described(&world).await;
    assert!(after[0].revision > before[0].revision);
    assert_eq!(told, other);
    keys.next_root().await.unwrap();
    assert_eq!(described(&world).await.0.len(), 2, "both roots sign while one follows the other");
    world.stop().await;
}

/// The signatures of the list of report keys by each root key, and the list.
async fn report_keys(world: &World) -> (Vec<Signature>, ReportKeys) {
    let (signatures, body) = signed(world, REPORT_KEY_PATH).await;
    let digest = BodyDigest::of(&body);
    assert!(signatures.iter().all(|signature| signature.is_over(REPORT_KEY_PATH, digest)));
    (signatures, serde_json::from_slice(&body).unwrap())
}

#[tokio::test]
async fn the_root_key_vouches_for_one_list_of_report_keys_and_signs_it_ahead() {
    const WEEK_MS: i64 = 7 * DAY_MS;
    let world = World::start().await;
    let data = world.folder.path().join("wallet");
    let root = keys_of(&world).await.root().unwrap();
    let (before, told) = report_keys(&world).await;
    let week = Week::of(NOW).unwrap();
    assert_eq!((hex(before[0].key), told.keys[0].week), (root, week));
    assert_eq!(report_keys(&world).await, (before.clone(), told.clone()), "the same for who asks");
    world.wait(8 * WEEK_MS);
    let (later, longer) = report_keys(&world).await;
    assert!(later[0].revision > before[0].revision && longer.keys.len() == told.keys.len());
    let then = longer.keys[0].week;
    assert_eq!(longer.of(then), told.of(then), "a key that was told stays");

    let kept = world.folder.path().join("elsewhere.key");
    std::fs::rename(data.join("root.key"), &kept).unwrap();
    world.wait(10 * WEEK_MS);
    assert_eq!(report_keys(&world).await, (later, longer), "served as it was signed");
    world.wait(4 * WEEK_MS);
    assert_eq!(world.get(REPORT_KEY_PATH).await.status(), 500, "no key that nobody vouches for");
    let keys = RegisterKeys::open(&data, Some(kept)).await.unwrap();
    let now = Timestamp(NOW.0 + 22 * WEEK_MS);
    wallet_server::renew_keys(&keys, &data, now).await.unwrap();
    assert_eq!(Some(report_keys(&world).await.1.keys[0].week), Week::of(now));
    world.stop().await;
}

#[tokio::test]
async fn without_the_root_key_no_other_network_is_described() {
    let world = World::start().await;
    let data = world.folder.path().join("wallet");
    let kept = world.folder.path().join("elsewhere.key");
    std::fs::rename(data.join("root.key"), &kept).unwrap();
    let mut keys = keys_of(&world).await;
    keys.describe(&network()).await.unwrap();
    let other = Network::new("Other", Uuid::from_u128(7), "other.example", "#000000").unwrap();
    let refused = keys.describe(&other).await.unwrap_err().to_string();
    assert!(refused.contains("--root FILE"), "{refused}");
    let mut keys = RegisterKeys::open(&data, Some(kept)).await.unwrap();
    keys.describe(&other).await.unwrap();
    assert_eq!(described(&world).await.1, other);
    world.stop().await;
}
