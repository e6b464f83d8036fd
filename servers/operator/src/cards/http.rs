//! Cards over HTTP.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use domain::wire::Card;
use server_kit::{Database, Refused};

use super::rows;
use crate::{bookings, grants, product::Product};

/// The calls of this room, each for who shows the grant of the card it is about.
pub fn routes(database: &Database) -> Router<Database> {
    let routes =
        Router::new().route("/v1/cards/{id}", get(one)).merge(bookings::routes(Product::Card));
    grants::guarded(routes, database, Product::Card)
}

async fn one(
    State(database): State<Database>,
    Path(id): Path<String>,
) -> Result<Json<Card>, Refused> {
    let found = rows::card(&database, id).await?;
    found.map(Json).ok_or_else(|| Refused::not_found("There is no card of this id."))
}
