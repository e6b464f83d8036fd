//! Proofs that a request comes from this phone (RFC 9449): a JWT of one fixed form, signed with the
//! phone's key.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ed25519_dalek::{Signer, SigningKey};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// What a proof is for.
#[derive(Clone, Copy)]
pub(super) struct Proof<'a> {
    /// The request's method.
    pub method: &'a str,
    /// Absolute; a proof leaves its query out.
    pub url: &'a str,
    /// The access token that goes with the request.
    pub access: Option<&'a str>,
    /// The last one that the server gave.
    pub nonce: Option<&'a str>,
    /// Never used before with this key.
    pub id: &'a str,
    /// By the phone's clock, seconds since 1970. The server goes by its nonce.
    pub made_at_s: i64,
}

#[derive(Serialize)]
struct Header {
    typ: &'static str,
    alg: &'static str,
    jwk: Jwk,
}

/// RFC 8037.
#[derive(Serialize)]
struct Jwk {
    kty: &'static str,
    crv: &'static str,
    x: String,
}

/// RFC 9449, section 4.2.
#[derive(Serialize)]
struct Claims<'a> {
    jti: &'a str,
    htm: &'a str,
    htu: &'a str,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
}

impl Proof<'_> {
    /// The proof, as its header field carries it.
    pub fn signed(&self, key: &SigningKey) -> String {
        let x = Base64UrlUnpadded::encode_string(key.verifying_key().as_bytes());
        let jwk = Jwk { kty: "OKP", crv: "Ed25519", x };
        let header = Header { typ: "dpop+jwt", alg: "EdDSA", jwk };
        let claims = Claims {
            jti: self.id,
            htm: self.method,
            htu: self.url.split(['?', '#']).next().unwrap_or_default(),
            iat: self.made_at_s,
            ath: self.access.map(|token| Base64UrlUnpadded::encode_string(&Sha256::digest(token))),
            nonce: self.nonce,
        };
        let message = format!("{}.{}", part(&header), part(&claims));
        let signature = key.sign(message.as_bytes()).to_bytes();
        format!("{message}.{}", Base64UrlUnpadded::encode_string(&signature))
    }
}

fn part(content: &impl Serialize) -> String {
    // Neither part holds anything that JSON cannot say.
    Base64UrlUnpadded::encode_string(&serde_json::to_vec(content).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_says_what_it_is_for_and_is_signed_by_the_key_it_names() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let proof = Proof {
            method: "GET",
            url: "https://a.org:1/v1/history?after=x",
            access: Some("token"),
            nonce: None,
            id: "\"1\"",
            made_at_s: -5,
        };
        let signed = proof.signed(&key);
        let parts: Vec<&str> = signed.split('.').collect();
        let [header, claims, signature] = parts[..] else { panic!("{signed}") };
        let signature = Base64UrlUnpadded::decode_vec(signature).unwrap();
        let signature = ed25519_dalek::Signature::from_slice(&signature).unwrap();
        let message = format!("{header}.{claims}");
        assert!(key.verifying_key().verify_strict(message.as_bytes(), &signature).is_ok());
        let json = |part: &str| -> serde_json::Value {
            serde_json::from_slice(&Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap()
        };
        let x = Base64UrlUnpadded::encode_string(key.verifying_key().as_bytes());
        let jwk = serde_json::json!({"kty": "OKP", "crv": "Ed25519", "x": x});
        let expected = serde_json::json!({"typ": "dpop+jwt", "alg": "EdDSA", "jwk": jwk});
        assert_eq!(json(header), expected);
        // SHA-256 of the token.
        let ath = "PEaenWxYddN6Q_NT1PiOYfz4EsZu7jRXRlpAsNpBU-A";
        let expected = serde_json::json!({"jti": "\"1\"", "htm": "GET",
            "htu": "https://a.org:1/v1/history", "iat": -5, "ath": ath});
        assert_eq!(json(claims), expected);
    }
}
