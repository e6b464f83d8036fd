//! All calls of `domain::wire`, room by room.

use axum::Router;
use server_kit::health;

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
        .merge(health(app.database.clone()))
        .with_state(app)
}
