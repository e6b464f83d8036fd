//! Link codes over HTTP.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use domain::wire::{Grant, LinkRequest, Linked};
use server_kit::{Database, Json, Refused, hex, random_bytes};

use super::{
    rows::{self, Link},
    rules::{MAX_TEXT, digest},
};
use crate::grants;

/// The calls of this room.
pub fn routes() -> Router<Database> {
    Router::new().route("/v1/links", post(link).delete(unlink))
}

async fn link(
    State(database): State<Database>,
    Json(LinkRequest { code, holder }): Json<LinkRequest>,
) -> Result<axum::Json<Linked>, Refused> {
    if code.len() > MAX_TEXT || holder.is_empty() || holder.len() > MAX_TEXT {
        return Err(Refused::invalid("The code or the holder's name is empty or too long."));
    }
    let grant = random_bytes::<32>().map(|bytes| Grant::new(hex(&bytes))).map_err(|_| {
        tracing::error!("the system gives no random numbers");
        Refused::internal()
    })?;
    match rows::bind(&database, &digest(&code), &holder, &grant).await? {
        Link::Bound(linked) => Ok(axum::Json(linked)),
        Link::Unknown => Err(Refused::not_found("No account or card has this code.")),
        Link::OfAnother => Err(Refused::new(
            StatusCode::CONFLICT,
            "code_used",
            "The code was used already",
            "Ask for a new code; each registers its account or card once.",
        )),
    }
}

/// Answered alike for a grant that is not known, so that it can be asked for again.
async fn unlink(
    State(database): State<Database>,
    headers: HeaderMap,
) -> Result<StatusCode, Refused> {
    let missing = || Refused::invalid("Send the grant of the link in the header account-grant.");
    let grant = grants::grant_of(&headers).ok_or_else(missing)?;
    rows::undo(&database, &grant).await?;
    Ok(StatusCode::NO_CONTENT)
}
