//! Store terminals with a key: codes for one payment, and the rotating beacon.

use domain::{
    Store, StoreId,
    wire::{BeaconKey, PaymentSign, Rotating, RotatingBuckets},
};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use signs::{
    eid::{BeaconClock, IdentityKey},
    store_code::{KeySet, PublicKey, SignedStoreCode, VerifyingKey},
};
use uuid::Uuid;
use wallet_server::terminal_key;

use crate::world::{NOW, World, problem};

async fn a_store(world: &World) -> Store {
    let near = world.near(418_950_000, 125_040_000).await;
    near.json::<Vec<Store>>().await.unwrap().remove(0)
}

pub async fn key_of(world: &World, store: StoreId) -> String {
    terminal_key(&world.folder.path().join("wallet"), store).await.unwrap()
}

async fn ask(world: &World, store: StoreId, key: &str, amount: Value) -> Response {
    charge(world, store, key, Uuid::from_u128(1), amount).await
}

pub async fn charge(world: &World, store: StoreId, key: &str, id: Uuid, amount: Value) -> Response {
    let url = format!("{}/v1/stores/{store}/charges", world.url);
    let request = world.http.post(url).bearer_auth(key).header("idempotency-key", id.to_string());
    request.json(&json!({ "amount": amount })).send().await.unwrap()
}

pub async fn code(world: &World, store: StoreId, key: &str, charge: Uuid) -> Response {
    let path = format!("/v1/stores/{store}/charges/{charge}/codes");
    world.call(Method::POST, &path, key).await
}

pub fn euro(amount: i64) -> Value {
    json!({"amount": amount, "currency": "EUR"})
}

#[tokio::test]
async fn a_payment_code_is_signed_for_its_amount_and_for_a_minute() {
    let world = World::in_rome().await;
    let store = a_store(&world).await;
    let key = key_of(&world, store.id).await;
    let id = Uuid::from_u128(1);
    assert_eq!(ask(&world, store.id, &key, euro(1_250)).await.status(), StatusCode::CREATED);
    let reply = code(&world, store.id, &key, id).await;
    assert_eq!(reply.headers()["cache-control"], "no-store");
    let sign: PaymentSign = reply.json().await.unwrap();
    let signed = SignedStoreCode::read(&sign.code).unwrap();
    assert_eq!(SignedStoreCode::read(&sign.url).as_ref(), Ok(&signed));
    let said = signed.unverified();
    let payment = said.payment.unwrap();
    assert_eq!((said.store, payment.amount_minor, payment.currency), (store.id.0, 1_250, 978));
    assert_eq!(sign.expires_at.unix_seconds() - NOW.unix_seconds(), 60);
    let keys: domain::wire::Keys = world.get("/v1/keys").await.json().await.unwrap();
    let bytes: Vec<u8> = (0..32)
        .map(|at| u8::from_str_radix(&keys.keys[0].ed25519[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    let public = VerifyingKey::from_bytes(&bytes.try_into().unwrap()).unwrap();
    let keys = KeySet::from_iter([PublicKey::active(public)]);
    assert!(signed.verify(&keys, NOW.unix_seconds() + 59, None).stands());
    assert!(!signed.verify(&keys, NOW.unix_seconds() + 60, None).stands());
    // No two are alike, so that none is paid twice.
    let next: PaymentSign = code(&world, store.id, &key, id).await.json().await.unwrap();
    assert_ne!(next.code, sign.code);
    world.stop().await;
}

#[tokio::test]
async fn nobody_signs_for_a_store_without_its_own_newest_key() {
    let world = World::in_rome().await;
    let stores: Vec<Store> = world.near(418_950_000, 125_040_000).await.json().await.unwrap();
    let old = key_of(&world, stores[0].id).await;
    let new = key_of(&world, stores[0].id).await;
    let other = key_of(&world, stores[1].id).await;
    for key in ["", "none", &old, &other] {
        let refused = problem(ask(&world, stores[0].id, key, euro(1)).await).await;
        assert_eq!(refused.code, "unauthorized");
        let path = format!("/v1/stores/{}/beacon", stores[0].id);
        let refused = world.call(Method::GET, &path, key).await;
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    }
    assert_eq!(ask(&world, stores[0].id, &new, euro(1)).await.status(), StatusCode::CREATED);
    assert!(
        terminal_key(&world.folder.path().join("wallet"), StoreId::of_record("x", "y"))
            .await
            .is_err()
    );
    world.stop().await;
}

#[tokio::test]
async fn an_amount_that_is_none_or_in_foreign_money_is_refused() {
    let world = World::in_rome().await;
    let store = a_store(&world).await;
    let key = key_of(&world, store.id).await;
    for amount in [euro(0), euro(-1), json!({"amount": 5, "currency": "JPY"}), json!(5)] {
        let refused = ask(&world, store.id, &key, amount).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    world.stop().await;
}

#[tokio::test]
async fn anybody_is_told_the_ids_that_begin_as_one_that_a_stores_own_beacon_sends() {
    let world = World::in_rome().await;
    let store = a_store(&world).await;
    let key = key_of(&world, store.id).await;
    let path = format!("/v1/stores/{}/beacon", store.id);
    let beacon: BeaconKey = world.call(Method::GET, &path, &key).await.json().await.unwrap();
    let bytes: Vec<u8> = (0..16)
        .map(|at| u8::from_str_radix(&beacon.identity_key[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    let clock = BeaconClock { exponent: beacon.exponent, epoch_unix_s: beacon.epoch_unix_s };
    let time = clock.beacon_time(NOW.unix_seconds()).unwrap();
    let sent = IdentityKey(bytes.try_into().unwrap()).eid(time, beacon.exponent);
    let sent: String = sent.iter().map(|byte| format!("{byte:02x}")).collect();

    let divided: RotatingBuckets = world.get("/v1/rotating").await.json().await.unwrap();
    assert_eq!(divided.bits, 0, "one beacon is all there are");
    let none = ["0/1", "1/0", "64/0", "-1/0", "0/x"];
    for bucket in none {
        let refused = world.get(&format!("/v1/rotating/{bucket}")).await;
        assert_eq!(refused.status(), StatusCode::NOT_FOUND, "{bucket}");
    }
    let rotating: Rotating = world.get("/v1/rotating/0/0").await.json().await.unwrap();
    assert_eq!(rotating.beacons.len(), 1, "stores without a terminal send nothing");
    let ids = rotating.beacons.iter().find(|of| Some(of.beacon) == store.beacon).unwrap();
    let nth = ids.ids.iter().position(|id| *id == sent).unwrap();
    let from = rotating.from_unix_s + (nth as i64) * (1 << rotating.exponent);
    assert!((from..from + (1 << rotating.exponent)).contains(&NOW.unix_seconds()));
    // An hour ahead and not a day: what is told cannot be sent elsewhere tomorrow.
    assert!(ids.ids.len() < 10, "{}", ids.ids.len());
    world.stop().await;
}
