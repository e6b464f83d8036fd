//! A company's own log-in beside the password: it signs tokens that say who somebody is.

use std::path::Path;

use anyhow::{Context, ensure};
use domain::Timestamp;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde::Deserialize;

use super::jwt_signatures::{ALGORITHMS, use_ring};

/// Longest token taken, bytes.
pub const MAX_TOKEN: usize = 8 * 1024;
/// Longest that a token may be good, s: one that was stolen must soon be worth nothing.
const LONGEST_S: i64 = 3600;
/// How far the provider's clock may be ahead or behind, s.
const SKEW_S: i64 = 60;

/// Says whom a token of a company's own log-in is for.
pub trait LoginProvider: Send + Sync {
    /// The user id of the member who logged in there; `None` for a token that is not good `now`.
    fn user_id(&self, token: &str, now: Timestamp) -> Option<String>;
}

/// Believes JSON Web Tokens (RFC 7519) that are signed by one of its keys, for this audience.
pub struct JwtProvider {
    keys: JwkSet,
    validation: Validation,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    iat: i64,
    exp: i64,
}

impl JwtProvider {
    /// Believes tokens of `issuer` for `audience`, signed by one of the public keys in the file: a JWK
    /// Set (RFC 7517) as such companies publish it, with a `kid` for each key.
    ///
    /// # Errors
    /// When the file cannot be read, or holds no key that can be used.
    pub fn open(keys: &Path, issuer: &str, audience: &str) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(keys)
            .with_context(|| format!("cannot read {}", keys.display()))?;
        let set: JwkSet = serde_json::from_str(&text)
            .with_context(|| format!("{} is no JWK Set", keys.display()))?;
        let is_usable = |jwk| DecodingKey::from_jwk(jwk).is_ok();
        ensure!(set.keys.iter().any(is_usable), "{} holds no public key", keys.display());
        use_ring();
        let mut validation = Validation {
            algorithms: ALGORITHMS.to_vec(),
            // By this server's clock, below.
            validate_exp: false,
            ..Validation::default()
        };
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        Ok(Self { keys: set, validation })
    }

    fn claims(&self, token: &str) -> Option<Claims> {
        let header = decode_header(token).ok()?;
        let jwk = match &header.kid {
            Some(kid) => self.keys.find(kid)?,
            None => self.keys.keys.first()?,
        };
        let key = DecodingKey::from_jwk(jwk).ok()?;
        let mut validation = self.validation.clone();
        // One algorithm for a key: which one is the key's to say, not the token's.
        validation.algorithms.retain(|algorithm| algorithm.family() == key.family());
        Some(decode(token, &key, &validation).ok()?.claims)
    }
}

impl LoginProvider for JwtProvider {
    fn user_id(&self, token: &str, now: Timestamp) -> Option<String> {
        let Claims { sub, iat, exp } = self.claims(token)?;
        let now = now.0.div_euclid(1000);
        let is_good = iat <= now.saturating_add(SKEW_S)
            && now < exp.saturating_add(SKEW_S)
            && exp.saturating_sub(iat) <= LONGEST_S;
        is_good.then_some(sub)
    }
}
