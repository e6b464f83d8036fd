//! The calls of `domain::wire`.

mod account;
mod entries;
mod stores;
mod tiles;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use server_frame::Refused;

pub(crate) use tiles::Tiles;

use crate::App;

pub(crate) fn routes(app: Arc<App>) -> Router {
    Router::new()
        .route("/v1/sessions", post(account::log_in).delete(account::log_out))
        .route("/v1/methods", get(account::methods).post(account::register))
        .route("/v1/entries", post(entries::entry))
        .route("/v1/tiles/{x}/{y}", get(tiles::tile))
        .route("/v1/stores", get(stores::near))
        .route("/v1/stores/{id}", get(stores::store))
        .route("/v1/stores/{id}/sign", get(stores::sign))
        .route("/v1/keys", get(stores::keys))
        .route("/healthz", get(health))
        .with_state(app)
}

async fn health(State(app): State<Arc<App>>) -> Result<&'static str, Refused> {
    sqlx::query("SELECT 1").execute(&app.pool).await?;
    Ok("ok\n")
}
