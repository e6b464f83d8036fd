//! Proofs of possession over HTTP: judged before any call, told to the call as [`Proven`].

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use server_kit::Refused;

use crate::members::{
    dpop::{Asked, Unproven},
    membership::Membership,
};

const PROOF: &str = "dpop";
const NONCE: &str = "dpop-nonce";

/// The key that a request was proven with, in the request's extensions.
#[derive(Clone)]
pub struct Proven {
    /// Its thumbprint.
    pub thumbprint: String,
}

/// The token of `Authorization: DPoP TOKEN`.
pub fn bound_token(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("DPoP ")
}

/// The key that a request was proven with.
///
/// # Errors
/// 401 where it was not.
pub fn proven(parts: &Parts) -> Result<Proven, Refused> {
    let proven = parts.extensions.get().cloned();
    proven.ok_or_else(|| Refused::unauthorized("Send a proof: DPoP, with the nonce DPoP-Nonce."))
}

/// Judges the proof of a request that has one, and gives a nonce to whoever speaks of proofs.
pub async fn prove(
    State(membership): State<Membership>,
    mut request: Request,
    next: Next,
) -> Response {
    let speaks = request.headers().contains_key(PROOF) || bound_token(request.headers()).is_some();
    if !speaks {
        return next.run(request).await;
    }
    let now = membership.clock.now();
    let judged = judge(&membership, &request);
    let mut response = match judged {
        Ok(proven) => {
            request.extensions_mut().insert(proven);
            next.run(request).await
        }
        Err(unproven) => refusal(unproven),
    };
    if let Ok(nonce) = HeaderValue::try_from(membership.dpop.nonce(now)) {
        response.headers_mut().insert(NONCE, nonce);
    }
    response
}

fn judge(membership: &Membership, request: &Request) -> Result<Proven, Unproven> {
    let headers = request.headers();
    let mut proofs = headers.get_all(PROOF).iter();
    // One and no other (RFC 9449, section 4.3).
    let (Some(proof), None) = (proofs.next(), proofs.next()) else {
        return Err(Unproven::Malformed);
    };
    let proof = proof.to_str().map_err(|_| Unproven::Malformed)?;
    let authority = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let asked = Asked {
        method: request.method().as_str(),
        authority: authority.unwrap_or(""),
        path: request.uri().path(),
        access_token: bound_token(headers),
    };
    let thumbprint = membership.dpop.judge(proof, &asked, membership.clock.now())?;
    Ok(Proven { thumbprint })
}

fn refusal(unproven: Unproven) -> Response {
    let (code, detail, error) = match unproven {
        Unproven::StaleNonce => (
            "use_dpop_nonce",
            "Make the proof again with the nonce of the header DPoP-Nonce.",
            "DPoP error=\"use_dpop_nonce\", algs=\"EdDSA ES256\"",
        ),
        Unproven::Malformed | Unproven::OtherRequest | Unproven::Replayed => (
            "invalid_dpop_proof",
            "The proof is not for this request, or was used before: make a new one.",
            "DPoP error=\"invalid_dpop_proof\", algs=\"EdDSA ES256\"",
        ),
    };
    let refused = Refused::new(StatusCode::UNAUTHORIZED, code, "Not proven", detail);
    let mut response = refused.into_response();
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(error));
    response
}
