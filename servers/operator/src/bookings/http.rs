//! Histories over HTTP.

use axum::{
    Json, Router,
    extract::{Path, Query, State, rejection::QueryRejection},
    routing::get,
};
use domain::wire::History;
use serde::Deserialize;
use server_kit::{Database, Refused};

use super::rows;
use crate::product::Product;

/// The history of every account or of every card.
pub fn routes(product: Product) -> Router<Database> {
    let history = move |database, id, page| history(product, database, id, page);
    Router::new().route(&format!("/v1/{}s/{{id}}/history", product.word()), get(history))
}

#[derive(Deserialize)]
struct Page {
    before: Option<i64>,
}

async fn history(
    product: Product,
    State(database): State<Database>,
    Path(id): Path<String>,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json<History>, Refused> {
    let Query(Page { before }) =
        page.map_err(|_| Refused::invalid("before is not the `next` of an earlier page."))?;
    let history = rows::history(&database, product, &id, before.unwrap_or(i64::MAX)).await?;
    history.map(Json).ok_or_else(|| Refused::not_found("There is nothing of this id."))
}
