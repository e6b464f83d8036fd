//! The list of the register's keys and the description of the network over HTTP, and the refusal of codes that none of them signed.

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRef, State},
    http::{HeaderName, StatusCode, header},
    response::{AppendHeaders, IntoResponse},
    routing::get,
};
use domain::{
    Timestamp,
    wire::{NETWORK_PATH, SIGNATURE_FIELD},
};
use server_kit::{Clock, Database, Refused};
use signs::store_code::{SignatureProof, SignedStoreCode, TimeProof};

use super::{
    document::{Document, KEYS_PATH},
    in_force::Signing,
    root_signed::KeysProblem,
};

/// Longest text of a code taken, bytes; a payment code has 230.
const MAX_CODE: usize = 1024;

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Signing>: FromRef<S>,
    Clock: FromRef<S>,
    Database: FromRef<S>,
{
    Router::new().route(KEYS_PATH, get(keys)).route(NETWORK_PATH, get(network))
}

impl From<KeysProblem> for Refused {
    fn from(problem: KeysProblem) -> Self {
        match problem {
            KeysProblem::Database(error) => error.into(),
            KeysProblem::Unusable(error) => {
                tracing::error!("no key to sign with: {error:#}");
                Self::internal()
            }
        }
    }
}

async fn keys(
    State(signing): State<Arc<Signing>>,
    State(database): State<Database>,
    State(clock): State<Clock>,
) -> Result<impl IntoResponse, Refused> {
    Ok(served(&signing.in_force(&database, clock.now()).await?.list))
}

async fn network(
    State(signing): State<Arc<Signing>>,
    State(database): State<Database>,
    State(clock): State<Clock>,
) -> Result<impl IntoResponse, Refused> {
    Ok(served(&signing.in_force(&database, clock.now()).await?.network))
}

/// An answer with what the root key signed.
pub fn served(document: &Document) -> impl IntoResponse + use<> {
    let field = HeaderName::from_static(SIGNATURE_FIELD);
    let signatures: Vec<_> =
        document.signatures.iter().map(|value| (field.clone(), value.clone())).collect();
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, AppendHeaders(signatures), document.body.clone())
}

/// The store code in a scanned text, if this register signed it and it is in force at `now`.
///
/// # Errors
/// 422 for anything else.
pub async fn genuine(
    signing: &Signing,
    database: &Database,
    text: &str,
    now: Timestamp,
) -> Result<SignedStoreCode, Refused> {
    let refused = |code, title, detail: &str| {
        Refused::new(StatusCode::UNPROCESSABLE_ENTITY, code, title, detail)
    };
    let signed = (text.len() <= MAX_CODE).then(|| SignedStoreCode::read(text.trim()));
    let Some(Ok(signed)) = signed else {
        return Err(refused(
            "not_a_store_code",
            "Not a store code",
            "The text is not a store code of this network.",
        ));
    };
    let keys = signing.in_force(database, now).await?;
    let proof = signed.verify(&keys.genuine, now.unix_seconds(), None);
    if proof.signature != SignatureProof::Valid {
        return Err(refused(
            "store_code_not_genuine",
            "The store code is not genuine",
            "No key of this register signed it: do not pay by this code.",
        ));
    }
    if proof.time != TimeProof::InForce {
        return Err(refused(
            "store_code_out_of_date",
            "The store code is out of date",
            "Ask the store for its present code.",
        ));
    }
    Ok(signed)
}
