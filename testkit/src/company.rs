//! A wallet company's own log-in: the public keys that the wallet server believes, and the tokens that
//! its members get there.

use std::{path::Path, sync::Arc};

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use tillsight::phone::{Clock as _, SystemClock};
use wallet_server::{JwtProvider, LoginProvider};

use crate::run;

const ISSUER: &str = "https://company.test";
const AUDIENCE: &str = "wallet";
/// How long a token is good, seconds: as long as the wallet server takes one.
const LASTS_S: i64 = 3_600;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

fn base64(json: &Value) -> String {
    BASE64URL_NOPAD.encode(json.to_string().as_bytes())
}

/// Believes the company, whose public keys are written into `folder` as such companies publish them.
pub(crate) fn log_in(folder: &Path) -> anyhow::Result<Arc<dyn LoginProvider>> {
    let x = BASE64URL_NOPAD.encode(key().verifying_key().as_bytes());
    let keys = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": x}]});
    let file = folder.join("company-keys.json");
    std::fs::write(&file, keys.to_string())?;
    Ok(Arc::new(JwtProvider::open(&file, ISSUER, AUDIENCE)?))
}

/// What a member gets who has logged in at the company.
pub fn company_token(user_id: &str) -> String {
    let now = SystemClock.now_ms() / 1_000;
    let claims = json!({"sub": user_id, "iss": ISSUER, "aud": AUDIENCE, "iat": now,
        "exp": now + LASTS_S});
    let message = format!("{}.{}", base64(&json!({"alg": "EdDSA", "kid": "a"})), base64(&claims));
    let signature = BASE64URL_NOPAD.encode(&key().sign(message.as_bytes()).to_bytes());
    let token = format!("{message}.{signature}");
    run::secret(run::TOKEN, &token);
    token
}
