//! Link codes over HTTP.

use axum::{Router, extract::State, http::StatusCode, routing::post};
use domain::wire::{LinkRequest, Linked};
use server_kit::{Database, Json, Refused};

use super::{
    rows::{self, Link},
    rules::{MAX_TEXT, digest},
};

/// The calls of this room.
pub fn routes() -> Router<Database> {
    Router::new().route("/v1/links", post(link))
}

async fn link(
    State(database): State<Database>,
    Json(LinkRequest { code, holder }): Json<LinkRequest>,
) -> Result<axum::Json<Linked>, Refused> {
    if code.len() > MAX_TEXT || holder.is_empty() || holder.len() > MAX_TEXT {
        return Err(Refused::invalid("The code or the holder's name is empty or too long."));
    }
    match rows::bind(&database, &digest(&code), &holder).await? {
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
