//! What the server is measured beside: axum and sqlx, one row a request and nothing else.

use std::{net::SocketAddr, path::Path};

use axum::{
    Json, Router,
    extract::{Path as Of, State},
    routing::get,
};
use sqlx::query_as;
use wallet_server::{Database, open_database};

/// Serves the row of a store in the database of `data` until the program ends.
pub async fn start(data: &Path) -> SocketAddr {
    let database = open_database(data).await.expect("a register");
    let routes = Router::new().route("/{id}", get(row)).with_state(database);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    tokio::spawn(async { axum::serve(listener, routes).await });
    addr
}

async fn row(State(database): State<Database>, Of(id): Of<String>) -> Json<(String, String)> {
    let row = query_as("SELECT id, name FROM store WHERE id = $1").bind(id);
    Json(row.fetch_one(database.reads()).await.expect("the register has it"))
}
