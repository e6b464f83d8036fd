//! Payments that a member agrees to by a key of the phone's key store.

use data_encoding::BASE64URL_NOPAD;
use domain::{
    Timestamp,
    wire::{Approval, Session, Settlement, SettlementState},
};
use reqwest::{Method, Response, StatusCode};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::json;
use uuid::Uuid;

use crate::settlements::{CODE, Till, code_of};

/// A key as a phone's key store has one.
struct Key(EcdsaKeyPair, SystemRandom);

impl Key {
    fn new() -> Self {
        let random = SystemRandom::new();
        let form = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let made = EcdsaKeyPair::generate_pkcs8(form, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(form, made.as_ref(), &random).unwrap(), random)
    }

    async fn set(&self, till: &Till, token: &str, code: &str) -> Response {
        let public_key = BASE64URL_NOPAD.encode(self.0.public_key().as_ref());
        let body = json!({"public_key": public_key, "settlement_code": code});
        let url = format!("{}/v1/members/me/approval-key", till.world.url);
        till.world.http.put(url).bearer_auth(token).json(&body).send().await.unwrap()
    }

    /// The approval of `settlement`, signed at `at`, as if it were of `amount`.
    fn signed(&self, settlement: &Settlement, amount: i64, at: Timestamp) -> serde_json::Value {
        let (store, method) = (settlement.store, settlement.method.clone());
        let mut shown = settlement.amount;
        shown.amount = amount;
        let approval =
            Approval { store, amount: shown, method, settlement_code: None, signed: None };
        let signature = self.0.sign(&self.1, &approval.to_sign(settlement.id, at)).unwrap();
        let signature = BASE64URL_NOPAD.encode(signature.as_ref());
        json!({"store": store, "amount": settlement.amount, "method": settlement.method,
            "signed": {"at": at, "signature": signature}})
    }
}

async fn device(till: &Till) -> String {
    let login = json!({"user_id": "giulia", "password": "correct horse"});
    let answer = till.world.post("/v1/sessions", &login).await;
    answer.json::<Session>().await.unwrap().token
}

async fn approve(till: &Till, token: &str, id: u128, approval: serde_json::Value) -> Response {
    let path = format!("/v1/settlements/{}/approve", Uuid::from_u128(id));
    till.send(&path, token, None, approval).await
}

#[tokio::test]
async fn a_payment_is_agreed_to_by_the_devices_key_and_by_no_other_bytes_key_or_time() {
    let till = Till::open().await;
    let (key, other, phone) = (Key::new(), Key::new(), device(&till).await);
    assert_eq!(code_of(key.set(&till, &phone, "000000").await).await.1, "wrong_secret");
    assert_eq!(key.set(&till, &phone, CODE).await.status(), StatusCode::NO_CONTENT);
    till.charge(1, 250).await;
    let begun = till.begun(2, 1).await;
    let now = till.world.now();
    let late = Timestamp(now.0 - 120_000);
    let year = Timestamp(now.0 + 365 * 86_400_000);
    for (approval, refused) in [
        (key.signed(&begun, 1, now), "not_signed"),
        (other.signed(&begun, 250, now), "not_signed"),
        (key.signed(&begun, 250, late), "signed_at_another_time"),
        (key.signed(&begun, 250, year), "signed_at_another_time"),
    ] {
        assert_eq!(code_of(approve(&till, &phone, 2, approval).await).await.1, refused);
    }
    let right = key.signed(&begun, 250, now);
    // The same signature on another session's device, or beside a code, agrees to nothing.
    let elsewhere = device(&till).await;
    let refused = approve(&till, &elsewhere, 2, right.clone()).await;
    assert_eq!(code_of(refused).await, (403, "no_approval_key".into()));
    let mut both = right.clone();
    both["settlement_code"] = json!(CODE);
    assert_eq!(approve(&till, &phone, 2, both).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(till.left().await, 1_250, "nothing was paid by any of them");
    for _ in 0..2 {
        let paid: Settlement = approve(&till, &phone, 2, right.clone()).await.json().await.unwrap();
        assert_eq!(paid.state, SettlementState::Captured);
    }
    assert_eq!(till.left().await, 1_000, "once");
    till.stop().await;
}

#[tokio::test]
async fn a_key_that_was_taken_back_or_went_with_its_device_agrees_to_nothing() {
    let till = Till::open().await;
    let (key, phone) = (Key::new(), device(&till).await);
    key.set(&till, &phone, CODE).await;
    till.charge(1, 250).await;
    let begun = till.begun(2, 1).await;
    let right = key.signed(&begun, 250, till.world.now());
    let path = "/v1/members/me/approval-key";
    for _ in 0..2 {
        let gone = till.world.call(Method::DELETE, path, &phone).await;
        assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    }
    let refused = approve(&till, &phone, 2, right.clone()).await;
    assert_eq!(code_of(refused).await.1, "no_approval_key");
    key.set(&till, &phone, CODE).await;
    let listed = till.world.call(Method::GET, "/v1/devices", &phone).await;
    let listed: domain::wire::Devices = listed.json().await.unwrap();
    let here = listed.devices.iter().find(|device| device.is_this).unwrap();
    let path = format!("/v1/devices/{}", here.id);
    till.world.call(Method::DELETE, &path, &phone).await;
    assert_eq!(approve(&till, &phone, 2, right).await.status(), StatusCode::UNAUTHORIZED);
    let malformed = json!({"public_key": "AAAA", "settlement_code": CODE});
    let url = format!("{}/v1/members/me/approval-key", till.world.url);
    let put = till.world.http.put(url).bearer_auth(&till.token).json(&malformed);
    assert_eq!(put.send().await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(till.left().await, 1_250);
    till.stop().await;
}
