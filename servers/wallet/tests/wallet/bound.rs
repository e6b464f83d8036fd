//! Sessions bound to a device's key (RFC 9449), and their refresh tokens.

use data_encoding::BASE64URL_NOPAD;
use domain::wire::BoundSession;
use ed25519_dalek::{Signer, SigningKey};
use reqwest::{Method, RequestBuilder, Response, StatusCode, header};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::world::{World, problem};

fn base64(bytes: impl AsRef<[u8]>) -> String {
    BASE64URL_NOPAD.encode(bytes.as_ref())
}

/// A device with its key, the last nonce it was given, and how many proofs it made.
pub struct Phone {
    key: SigningKey,
    nonce: String,
    proofs: u32,
}

impl Phone {
    pub async fn new(world: &World, seed: u8) -> Self {
        let mut phone =
            Self { key: SigningKey::from_bytes(&[seed; 32]), nonce: String::new(), proofs: 0 };
        let claims = phone.claims(world, "POST", "/v1/sessions/bound", None);
        let proof = phone.proof(&claims);
        let refused = phone.log_in_with(world, &proof).await;
        phone.nonce = refused.headers()["dpop-nonce"].to_str().unwrap().to_owned();
        let asked = refused.headers()[header::WWW_AUTHENTICATE].to_str().unwrap().to_owned();
        assert!(asked.starts_with("DPoP error=\"use_dpop_nonce\""), "{asked}");
        assert_eq!(problem(refused).await.code, "use_dpop_nonce");
        phone
    }

    /// What a proof of the next request says; the phone's clock is a year behind.
    fn claims(&mut self, world: &World, method: &str, path: &str, token: Option<&str>) -> Value {
        self.proofs += 1;
        let mut claims = json!({"jti": self.proofs.to_string(), "htm": method,
            "htu": format!("{}{path}", world.url), "iat": 1_763_000_000, "nonce": self.nonce});
        if let Some(token) = token {
            claims["ath"] = json!(base64(Sha256::digest(token)));
        }
        claims
    }

    fn proof(&self, claims: &Value) -> String {
        let x = base64(self.key.verifying_key().as_bytes());
        let header = json!({"typ": "dpop+jwt", "alg": "EdDSA",
            "jwk": {"kty": "OKP", "crv": "Ed25519", "x": x}});
        self.signed(&header, claims)
    }

    fn signed(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", base64(header.to_string()), base64(claims.to_string()));
        let signature = self.key.sign(message.as_bytes());
        format!("{message}.{}", base64(signature.to_bytes()))
    }

    async fn log_in_with(&self, world: &World, proof: &str) -> Response {
        let login = json!({"user_id": "giulia", "password": "correct horse"});
        let request = world.http.post(format!("{}/v1/sessions/bound", world.url));
        request.header("dpop", proof).json(&login).send().await.unwrap()
    }

    async fn log_in(&mut self, world: &World) -> BoundSession {
        let claims = self.claims(world, "POST", "/v1/sessions/bound", None);
        let answer = self.log_in_with(world, &self.proof(&claims)).await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.unwrap()
    }

    /// So much later, with the nonce of then.
    async fn passes(&mut self, world: &World, ms: i64) {
        world.wait(ms);
        self.nonce = Self::new(world, 1).await.nonce;
        self.proofs += 10;
    }

    async fn refresh(&mut self, world: &World, token: &str) -> Response {
        self.post(world, "/v1/sessions/refreshed", &json!({"refresh_token": token})).await
    }

    /// Asks for a session.
    pub async fn post(&mut self, world: &World, path: &str, asked: &Value) -> Response {
        let claims = self.claims(world, "POST", path, None);
        let request = world.http.post(format!("{}{path}", world.url));
        request.header("dpop", self.proof(&claims)).json(asked).send().await.unwrap()
    }

    pub async fn methods(&mut self, world: &World, token: &str) -> Response {
        let claims = self.claims(world, "GET", "/v1/methods", Some(token));
        ask(world, token, &self.proof(&claims)).send().await.unwrap()
    }
}

fn ask(world: &World, token: &str, proof: &str) -> RequestBuilder {
    let request = world.http.get(format!("{}/v1/methods", world.url));
    request.header("authorization", format!("DPoP {token}")).header("dpop", proof)
}

async fn is_over(answer: Response) -> bool {
    let problem = problem(answer).await;
    (problem.status, &*problem.code) == (401, "unauthorized")
}

#[tokio::test]
async fn a_bound_session_opens_to_its_key_alone_for_ten_minutes_whatever_the_phones_clock() {
    let world = World::start().await;
    let (mut phone, mut thief) = (Phone::new(&world, 1).await, Phone::new(&world, 2).await);
    let session = phone.log_in(&world).await;
    assert_eq!(phone.methods(&world, &session.token).await.status(), StatusCode::OK);
    assert!(is_over(thief.methods(&world, &session.token).await).await);
    // A bound token is no bearer token, nor the other way round.
    assert!(is_over(world.call(Method::GET, "/v1/methods", &session.token).await).await);
    let bearer = world.token().await;
    assert!(is_over(phone.methods(&world, &bearer).await).await);
    world.wait(4 * 60_000);
    assert_eq!(phone.methods(&world, &session.token).await.status(), StatusCode::OK);
    world.wait(60_000);
    let stale = phone.methods(&world, &session.token).await;
    phone.nonce = stale.headers()["dpop-nonce"].to_str().unwrap().to_owned();
    assert_eq!(problem(stale).await.code, "use_dpop_nonce");
    assert_eq!(phone.methods(&world, &session.token).await.status(), StatusCode::OK);
    phone.passes(&world, 5 * 60_000 - 1).await;
    assert!(phone.methods(&world, &session.token).await.status() == StatusCode::OK);
    world.wait(1);
    assert!(is_over(phone.methods(&world, &session.token).await).await);
    world.stop().await;
}

#[tokio::test]
async fn forged_foreign_and_replayed_proofs_prove_nothing() {
    let world = World::start().await;
    let mut phone = Phone::new(&world, 1).await;
    let session = phone.log_in(&world).await;
    let token = &*session.token;
    let good = phone.claims(&world, "GET", "/v1/methods", Some(token));
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        phone.proof(&claims)
    };
    let headed = |name: &str, value: Value| {
        let x = base64(phone.key.verifying_key().as_bytes());
        let mut header = json!({"typ": "dpop+jwt", "alg": "EdDSA",
            "jwk": {"kty": "OKP", "crv": "Ed25519", "x": x}});
        header[name] = value;
        phone.signed(&header, &good)
    };
    let other = json!({"kty": "OKP", "crv": "Ed25519", "x": base64([9_u8; 32])});
    let right = phone.proof(&good);
    let (unsigned, _) = right.rsplit_once('.').unwrap();
    for (proof, why) in [
        (String::new(), "empty"),
        ("a.b.c".to_owned(), "no token"),
        (format!("{unsigned}."), "without a signature"),
        (headed("jwk", other), "another key"),
        (headed("jwk", json!(null)), "no key"),
        (headed("alg", json!("none")), "no algorithm"),
        (headed("alg", json!("HS256")), "a shared secret"),
        (headed("typ", json!("JWT")), "another kind of token"),
        (with("htm", json!("POST")), "another method"),
        (with("htu", json!(format!("{}/v1/devices", world.url))), "another path"),
        (with("htu", json!("https://example.org/v1/methods")), "another host"),
        (with("ath", json!(base64(Sha256::digest("another")))), "another token"),
        (with("ath", json!(null)), "no token"),
        (with("jti", json!("")), "no id"),
        (with("jti", json!("a".repeat(129))), "an endless id"),
        ("a".repeat(5_000), "endless"),
    ] {
        let refused = problem(ask(&world, token, &proof).send().await.unwrap()).await;
        assert_eq!((refused.status, &*refused.code), (401, "invalid_dpop_proof"), "{why}");
    }
    for nonce in [json!(null), json!("x"), json!("0".repeat(80))] {
        let refused = problem(ask(&world, token, &with("nonce", nonce)).send().await.unwrap());
        assert_eq!(refused.await.code, "use_dpop_nonce");
    }
    let twice = ask(&world, token, &right).header("dpop", &right).send().await.unwrap();
    assert_eq!(problem(twice).await.code, "invalid_dpop_proof");
    assert_eq!(ask(&world, token, &right).send().await.unwrap().status(), StatusCode::OK);
    let again = ask(&world, token, &right).send().await.unwrap();
    assert_eq!(problem(again).await.code, "invalid_dpop_proof");
    world.stop().await;
}

#[tokio::test]
async fn a_key_of_secure_hardware_proves_as_well() {
    let world = World::start().await;
    let nonce = Phone::new(&world, 1).await.nonce;
    let random = SystemRandom::new();
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    let key = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random).unwrap();
    let (x, y) = key.public_key().as_ref()[1..].split_at(32);
    let header = json!({"typ": "dpop+jwt", "alg": "ES256",
        "jwk": {"kty": "EC", "crv": "P-256", "x": base64(x), "y": base64(y)}});
    let claims = json!({"jti": "a", "htm": "POST", "nonce": nonce,
        "htu": format!("{}/v1/sessions/bound", world.url)});
    let message = format!("{}.{}", base64(header.to_string()), base64(claims.to_string()));
    let signature = key.sign(&random, message.as_bytes()).unwrap();
    let proof = format!("{message}.{}", base64(signature));
    let phone = Phone { key: SigningKey::from_bytes(&[1; 32]), nonce, proofs: 0 };
    assert_eq!(phone.log_in_with(&world, &proof).await.status(), StatusCode::OK);
    world.stop().await;
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_a_copy_of_it_ends_the_family() {
    let world = World::start().await;
    let mut phone = Phone::new(&world, 1).await;
    let first = phone.log_in(&world).await;
    let second: BoundSession =
        phone.refresh(&world, &first.refresh_token).await.json().await.unwrap();
    assert!(is_over(phone.methods(&world, &first.token).await).await);
    assert_eq!(phone.methods(&world, &second.token).await.status(), StatusCode::OK);
    let third: BoundSession =
        phone.refresh(&world, &second.refresh_token).await.json().await.unwrap();
    assert!(is_over(phone.refresh(&world, &first.refresh_token).await).await);
    assert!(is_over(phone.methods(&world, &third.token).await).await);
    assert!(is_over(phone.refresh(&world, &third.refresh_token).await).await);
    // Another log-in of the same phone is another family.
    let again = phone.log_in(&world).await;
    assert_eq!(phone.refresh(&world, &again.refresh_token).await.status(), StatusCode::OK);
    world.stop().await;
}

#[tokio::test]
async fn a_lost_answer_to_a_refresh_costs_nothing_whenever_the_phone_asks_again_and_a_copy_ends_it()
{
    let world = World::start().await;
    let mut phone = Phone::new(&world, 1).await;
    let first = phone.log_in(&world).await;
    let lost: BoundSession =
        phone.refresh(&world, &first.refresh_token).await.json().await.unwrap();
    // The app ended before it had kept them, and is opened again the next day; the answer is lost again.
    phone.passes(&world, 86_400_000).await;
    assert_eq!(phone.refresh(&world, &first.refresh_token).await.status(), StatusCode::OK);
    let mut thief = Phone::new(&world, 2).await;
    assert!(is_over(thief.refresh(&world, &first.refresh_token).await).await);
    let answered = phone.refresh(&world, &first.refresh_token).await;
    let second: BoundSession = answered.json().await.unwrap();
    assert!(is_over(phone.methods(&world, &lost.token).await).await);
    assert_eq!(phone.methods(&world, &second.token).await.status(), StatusCode::OK);
    // Once the next was used, the one before is a copy.
    let third = phone.refresh(&world, &second.refresh_token).await;
    let third: BoundSession = third.json().await.unwrap();
    assert!(is_over(phone.refresh(&world, &first.refresh_token).await).await);
    assert!(is_over(phone.refresh(&world, &third.refresh_token).await).await);
    // So is one that nobody can have kept, since the one before it came again.
    let first = phone.log_in(&world).await;
    let next = phone.refresh(&world, &first.refresh_token).await;
    let next: BoundSession = next.json().await.unwrap();
    let copys = phone.refresh(&world, &first.refresh_token).await;
    let copys: BoundSession = copys.json().await.unwrap();
    assert!(is_over(phone.refresh(&world, &next.refresh_token).await).await);
    assert!(is_over(phone.methods(&world, &copys.token).await).await);
    assert!(is_over(phone.refresh(&world, &copys.refresh_token).await).await);
    world.stop().await;
}

#[tokio::test]
async fn a_refresh_token_ends_with_its_key_its_device_its_log_out_and_after_thirty_days() {
    let world = World::start().await;
    let (mut phone, mut thief) = (Phone::new(&world, 1).await, Phone::new(&world, 2).await);
    let session = phone.log_in(&world).await;
    for token in ["", "made up", &session.token] {
        assert!(is_over(phone.refresh(&world, token).await).await, "{token}");
    }
    assert!(is_over(thief.refresh(&world, &session.refresh_token).await).await);
    let next = phone.refresh(&world, &session.refresh_token).await;
    let session: BoundSession = next.json().await.unwrap();
    // Logged out from another device.
    world.wait(1_000);
    let elsewhere = world.token().await;
    let listed = world.call(Method::GET, "/v1/devices", &elsewhere).await;
    let listed: Value = listed.json().await.unwrap();
    let path = format!("/v1/devices/{}", listed["devices"][1]["id"].as_str().unwrap());
    world.call(Method::DELETE, &path, &elsewhere).await;
    assert!(is_over(phone.refresh(&world, &session.refresh_token).await).await);
    // Logged out here.
    let session = phone.log_in(&world).await;
    let claims = phone.claims(&world, "DELETE", "/v1/sessions", Some(&session.token));
    let out = world.http.delete(format!("{}/v1/sessions", world.url));
    let out = out.header("authorization", format!("DPoP {}", session.token));
    let out = out.header("dpop", phone.proof(&claims)).send().await.unwrap();
    assert_eq!(out.status(), StatusCode::NO_CONTENT);
    assert!(is_over(phone.refresh(&world, &session.refresh_token).await).await);
    let session = phone.log_in(&world).await;
    phone.passes(&world, 30 * 86_400_000).await;
    assert!(is_over(phone.refresh(&world, &session.refresh_token).await).await);
    world.stop().await;
}
