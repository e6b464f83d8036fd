//! A proof, read and held against the request it came with.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Longest proof and longest id in one, bytes.
const MAX_PROOF: usize = 4096;
const MAX_ID: usize = 128;

/// The request a proof came with.
pub struct Asked<'a> {
    /// Its method.
    pub method: &'a str,
    /// Host and port it was sent to.
    pub authority: &'a str,
    /// Its path.
    pub path: &'a str,
    /// The access token beside the proof.
    pub access_token: Option<&'a str>,
}

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unproven {
    /// It is no proof, or its signature is not its key's.
    Malformed,
    /// It is for another request or token.
    OtherRequest,
    /// Its nonce is missing, another server's or too old: the answer carries a fresh one.
    StaleNonce,
    /// It was seen before.
    Replayed,
}

/// What a proof says that is still to be judged.
pub struct Proven {
    /// The thumbprint of its key (RFC 7638).
    pub thumbprint: String,
    /// Its id.
    pub id: String,
    /// Its nonce.
    pub nonce: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    ath: Option<String>,
    nonce: Option<String>,
}

/// What a proof says, if it is signed by its own key for this request. When it was made by the phone's
/// clock does not matter: the nonce says it.
pub fn read(proof: &str, asked: &Asked<'_>) -> Result<Proven, Unproven> {
    let (thumbprint, claims) = signed(proof).ok_or(Unproven::Malformed)?;
    let Claims { jti, htm, htu, ath, nonce } = claims;
    if jti.is_empty() || jti.len() > MAX_ID {
        return Err(Unproven::Malformed);
    }
    let wanted = asked.access_token.map(|token| BASE64URL_NOPAD.encode(&Sha256::digest(token)));
    let is_for = htm == asked.method && is_target(&htu, asked) && ath == wanted;
    if is_for { Ok(Proven { thumbprint, id: jti, nonce }) } else { Err(Unproven::OtherRequest) }
}

fn signed(proof: &str) -> Option<(String, Claims)> {
    if proof.len() > MAX_PROOF {
        return None;
    }
    let header = decode_header(proof).ok()?;
    let jwk = header.jwk.filter(|_| header.typ.as_deref() == Some("dpop+jwt"))?;
    let (algorithm, thumbprint) = key_of(&jwk)?;
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let claims = decode(proof, &DecodingKey::from_jwk(&jwk).ok()?, &validation).ok()?.claims;
    Some((thumbprint, claims))
}

/// What a key signs with, and its thumbprint. Ed25519, and the P-256 of phones' secure hardware.
fn key_of(jwk: &Jwk) -> Option<(Algorithm, String)> {
    let (algorithm, members) = match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, serde_json::json!({"crv": "Ed25519", "kty": "OKP", "x": key.x}))
        }
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => (
            Algorithm::ES256,
            serde_json::json!({"crv": "P-256", "kty": "EC", "x": key.x, "y": key.y}),
        ),
        _ => return None,
    };
    // The members in the order of their names, which is how a map is written.
    let thumbprint = BASE64URL_NOPAD.encode(&Sha256::digest(members.to_string()));
    Some((algorithm, thumbprint))
}

/// Whether a proof's target is this host and path, whatever the scheme: TLS ends at the proxy.
fn is_target(target: &str, asked: &Asked<'_>) -> bool {
    let Some((_, rest)) = target.split_once("://") else { return false };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let path = path.split(['?', '#']).next().unwrap_or("");
    authority.eq_ignore_ascii_case(asked.authority) && path == asked.path
}

#[cfg(test)]
mod tests {
    use super::{Asked, is_target, key_of};

    #[test]
    fn a_thumbprint_is_that_of_rfc_8037() {
        // Appendix A.3 of RFC 8037.
        let jwk = r#"{"kty":"OKP","crv":"Ed25519",
            "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let (_, thumbprint) = key_of(&serde_json::from_str(jwk).unwrap()).unwrap();
        assert_eq!(thumbprint, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn a_target_is_this_host_and_path_alone() {
        let asked =
            Asked { method: "GET", authority: "a.org:1", path: "/v1/methods", access_token: None };
        for right in ["https://a.org:1/v1/methods", "http://A.org:1/v1/methods?x=1#y"] {
            assert!(is_target(right, &asked), "{right}");
        }
        for wrong in [
            "",
            "/v1/methods",
            "https://a.org/v1/methods",
            "https://b.org:1/v1/methods",
            "https://a.org:1/v1/methods/",
            "https://a.org:1",
            "https://a.org:1@b.org/v1/methods",
        ] {
            assert!(!is_target(wrong, &asked), "{wrong}");
        }
    }
}
