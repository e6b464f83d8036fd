//! Cards over HTTP.

use axum::{
    Json, Router,
    extract::{Path, Query, State, rejection::QueryRejection},
    routing::get,
};
use domain::wire::{Card, History};
use serde::Deserialize;
use server_kit::{Database, Refused};

use super::rows;

/// The calls of this room.
pub fn routes() -> Router<Database> {
    Router::new().route("/v1/cards/{id}", get(one)).route("/v1/cards/{id}/history", get(history))
}

async fn one(
    State(database): State<Database>,
    Path(id): Path<String>,
) -> Result<Json<Card>, Refused> {
    rows::card(&database, id).await?.map(Json).ok_or_else(missing)
}

#[derive(Deserialize)]
struct Page {
    before: Option<i64>,
}

async fn history(
    State(database): State<Database>,
    Path(id): Path<String>,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json<History>, Refused> {
    let Query(Page { before }) =
        page.map_err(|_| Refused::invalid("before is not the `next` of an earlier page."))?;
    let history = rows::history(&database, &id, before.unwrap_or(i64::MAX)).await?;
    history.map(Json).ok_or_else(missing)
}

fn missing() -> Refused {
    Refused::not_found("There is no card of this id.")
}
