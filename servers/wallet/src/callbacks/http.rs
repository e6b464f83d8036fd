//! The callbacks of operators over HTTP.

use axum::{
    Router,
    body::Bytes,
    extract::{FromRef, Path, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use domain::wire::Confirmation;
use server_kit::{Clock, Refused};

use crate::{
    deposits::Deposits,
    methods::MemberMethods,
    operators::{Answer, Callback},
    settlements::Settlements,
};

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Clock: FromRef<S>,
    Deposits: FromRef<S>,
    MemberMethods: FromRef<S>,
    Settlements: FromRef<S>,
{
    Router::new().route("/v1/operators/{name}/callbacks", post(callback))
}

/// A callback only says where to look: what is true is what the operator says when it is asked.
async fn callback(
    State(deposits): State<Deposits>,
    State(settlements): State<Settlements>,
    State(methods): State<MemberMethods>,
    State(clock): State<Clock>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Refused> {
    let body = body.map_err(|_| Refused::invalid("The body cannot be read."))?;
    let operator = methods.operators.get(&name);
    let operator = operator.ok_or_else(|| Refused::not_found("There is no such operator."))?;
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let callback = Callback {
        id: header("webhook-id"),
        sent_at_s: header("webhook-timestamp"),
        signatures: header("webhook-signature"),
        body: &body,
    };
    let Answer::Known(key) = operator.callback_key(clock.now()).await else {
        return Err(Refused::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "operator_down",
            "The operator cannot be reached",
            "Send the callback again later.",
        )
        .retry_after(5));
    };
    if !callback.is_genuine(&key, clock.now()) {
        tracing::warn!("a callback was not signed by the operator, or is old");
        return Err(Refused::unauthorized("Sign the callback with the operator's key."));
    }
    let confirmation: Confirmation =
        serde_json::from_slice(&body).map_err(|_| Refused::invalid("No confirmation."))?;
    deposits.look(confirmation.reference);
    settlements.look(confirmation.reference);
    Ok(StatusCode::NO_CONTENT)
}
