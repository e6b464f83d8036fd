//! Accounts over HTTP.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use domain::wire::Account;
use server_kit::{Database, Refused};

use super::rows;
use crate::{bookings, grants, product::Product};

/// The calls of this room, each for who shows the grant of the account it is about.
pub fn routes(database: &Database) -> Router<Database> {
    let routes = Router::new()
        .route("/v1/accounts/{id}", get(one))
        .merge(bookings::routes(Product::Account));
    grants::guarded(routes, database, Product::Account)
}

async fn one(
    State(database): State<Database>,
    Path(id): Path<String>,
) -> Result<Json<Account>, Refused> {
    let found = rows::account(&database, id).await?;
    found.map(Json).ok_or_else(|| Refused::not_found("There is no account of this id."))
}
