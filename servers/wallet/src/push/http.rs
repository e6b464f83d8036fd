//! Devices' provider tokens over HTTP.

use axum::{
    Router,
    extract::{FromRef, State},
    http::StatusCode,
    routing::put,
};
use domain::wire::PushToken;
use server_kit::{Clock, Database, Json, Refused, hex};
use sha2::{Digest, Sha256};

use super::{
    rows::{self, Registering},
    sending::Pushes,
};
use crate::members::Member;

/// Longest word for a provider, characters.
const LONGEST_SERVICE: usize = 32;
/// Longest provider token, bytes: some are addresses.
const LONGEST_TOKEN: usize = 4_096;

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Clock: FromRef<S>,
    Database: FromRef<S>,
    Pushes: FromRef<S>,
{
    Router::new().route("/v1/push-token", put(register).delete(remove))
}

/// `PUT /v1/push-token`, for the device that asks.
async fn register(
    State(database): State<Database>,
    State(pushes): State<Pushes>,
    member: Member,
    Json(PushToken { service, token }): Json<PushToken>,
) -> Result<StatusCode, Refused> {
    let Some(key) = pushes.key() else {
        return Err(Refused::not_found("This server pushes nothing: ask for what is new."));
    };
    if !is_service(&service) || !is_token(&token) {
        return Err(Refused::invalid(
            "`service` is 1 to 32 of a-z, 0-9, `-` and `_`, `token` 1 to 4096 visible characters.",
        ));
    }
    let (session, device) = (member.session(), member.device.ok_or_else(no_device)?);
    let new = Registering {
        device: &device,
        session: &session,
        service: &service,
        sealed: &key.seal(&device, &token)?,
        digest: &hex(&Sha256::digest(format!("{service} {token}"))),
    };
    rows::put(&database, &new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /v1/push-token`, for the device that asks.
async fn remove(State(database): State<Database>, member: Member) -> Result<StatusCode, Refused> {
    if let Some(device) = &member.device {
        rows::forget(&database, device).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn is_service(word: &str) -> bool {
    let is_of_word = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
    (1..=LONGEST_SERVICE).contains(&word.len()) && word.bytes().all(is_of_word)
}

fn is_token(text: &str) -> bool {
    (1..=LONGEST_TOKEN).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn no_device() -> Refused {
    Refused::unauthorized("The session is of no device: log in.")
}
