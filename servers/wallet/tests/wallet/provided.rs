//! Log-in by a token of a company's own log-in.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use domain::wire::ProvidedSession;
use ed25519_dalek::{Signer, SigningKey};
use reqwest::StatusCode;
use serde_json::{Value, json};
use wallet_server::{JwtProvider, LoginProvider};

use crate::{
    bound::Phone,
    world::{NOW, World, problem},
};

const KEY: [u8; 32] = [7; 32];

fn base64(bytes: impl AsRef<[u8]>) -> String {
    BASE64URL_NOPAD.encode(bytes.as_ref())
}

/// The provider's public keys as it publishes them.
fn provider() -> Arc<dyn LoginProvider> {
    let public = SigningKey::from_bytes(&KEY).verifying_key();
    let keys = json!({"keys": [
        {"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": base64(public.as_bytes())},
    ]});
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("keys.json");
    std::fs::write(&file, keys.to_string()).unwrap();
    Arc::new(JwtProvider::open(&file, "https://id.example.org", "wallet").unwrap())
}

fn claims() -> Value {
    let now = NOW.0 / 1000;
    json!({"sub": "giulia", "iss": "https://id.example.org", "aud": "wallet", "iat": now,
        "exp": now + 300})
}

fn signed(header: &Value, claims: &Value, key: &[u8; 32]) -> String {
    let message = format!("{}.{}", base64(header.to_string()), base64(claims.to_string()));
    let signature = SigningKey::from_bytes(key).sign(message.as_bytes());
    format!("{message}.{}", base64(signature.to_bytes()))
}

fn token(claims: &Value) -> String {
    signed(&json!({"alg": "EdDSA", "kid": "a"}), claims, &KEY)
}

const PATH: &str = "/v1/sessions/provided";

async fn log_in(phone: &mut Phone, world: &World, token: &str) -> reqwest::Response {
    phone.post(world, PATH, &json!({"token": token})).await
}

#[tokio::test]
async fn a_member_logs_in_by_a_good_token_of_the_provider_for_the_key_of_the_phone_alone() {
    let world = World::with_provider(provider()).await;
    let (mut phone, mut thief) = (Phone::new(&world, 1).await, Phone::new(&world, 2).await);
    let good = token(&claims());
    let unproven = world.post(PATH, &json!({"token": good})).await;
    assert_eq!(problem(unproven).await.code, "unauthorized", "a session that no key is bound to");
    let answer = log_in(&mut phone, &world, &good).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let ProvidedSession { user_id, session } = answer.json().await.unwrap();
    assert_eq!((&*user_id, session.device.is_some()), ("giulia", true));
    assert_eq!(phone.methods(&world, &session.token).await.status(), StatusCode::OK);
    assert_eq!(thief.methods(&world, &session.token).await.status(), StatusCode::UNAUTHORIZED);
    // The password is as good as before.
    world.token().await;
    world.stop().await;
}

#[tokio::test]
async fn forged_strange_and_old_tokens_open_nothing() {
    let world = World::with_provider(provider()).await;
    let mut phone = Phone::new(&world, 1).await;
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        token(&claims)
    };
    let without = |name: &str| {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        token(&claims)
    };
    let now = NOW.0 / 1000;
    let headed = |header: Value| signed(&header, &claims(), &KEY);
    let good = token(&claims());
    let (signed_part, _) = good.rsplit_once('.').unwrap();
    for (wrong, why) in [
        (signed(&json!({"alg": "EdDSA", "kid": "a"}), &claims(), &[8; 32]), "another key"),
        (headed(json!({"alg": "EdDSA", "kid": "b"})), "an unknown key"),
        (headed(json!({"alg": "none", "kid": "a"})), "no algorithm"),
        (headed(json!({"alg": "HS256", "kid": "a"})), "a shared secret"),
        (headed(json!({"alg": "RS256", "kid": "a"})), "another algorithm"),
        (format!("{signed_part}."), "no signature"),
        (with("aud", json!("another")), "another audience"),
        (with("iss", json!("https://id.example.com")), "another issuer"),
        (with("sub", json!("nobody")), "nobody"),
        (with("exp", json!(now - 61)), "over"),
        (with("exp", json!(now + 3601)), "good for too long"),
        (with("exp", json!(i64::MIN)), "over for ever"),
        (with("iat", json!(now + 61)), "of the future"),
        (with("iat", json!(i64::MIN)), "of no time"),
        (without("exp"), "without an end"),
        (without("aud"), "without an audience"),
        (without("iss"), "without an issuer"),
        (without("sub"), "without a user"),
        (String::new(), "empty"),
        ("a.b.c".to_owned(), "no token"),
    ] {
        let refused = problem(log_in(&mut phone, &world, &wrong).await).await;
        assert_eq!((refused.status, &*refused.code), (401, "wrong_credentials"), "{why}");
    }
    let endless = log_in(&mut phone, &world, &"a".repeat(9_000)).await;
    assert_eq!(problem(endless).await.status, 422);
    world.stop().await;
}

#[tokio::test]
async fn a_source_that_guesses_tokens_must_wait_and_without_a_provider_there_is_no_such_log_in() {
    let world = World::with_provider(provider()).await;
    let mut phone = Phone::new(&world, 1).await;
    for _ in 0..101 {
        log_in(&mut phone, &world, "a.b.c").await;
    }
    assert_eq!(log_in(&mut phone, &world, &token(&claims())).await.status(), 429);
    world.stop().await;
    let world = World::start().await;
    let mut phone = Phone::new(&world, 1).await;
    let answer = log_in(&mut phone, &world, &token(&claims())).await;
    assert_eq!(problem(answer).await.code, "not_found");
    world.stop().await;
}
