//! All calls of `domain::wire`, room by room.

use axum::{Router, extract::State, routing::get};
use server_kit::{Database, Refused};

use crate::{app::App, entries, members, methods, register, terminals, tiles, wallets};

/// The routes of every room.
pub fn routes(app: App) -> Router {
    Router::new()
        .merge(members::routes())
        .merge(methods::routes())
        .merge(entries::routes())
        .merge(tiles::routes())
        .merge(register::routes())
        .merge(terminals::routes())
        .merge(wallets::routes())
        .route("/healthz", get(health))
        .with_state(app)
}

async fn health(State(database): State<Database>) -> Result<&'static str, Refused> {
    database.answers().await?;
    Ok("ok\n")
}
