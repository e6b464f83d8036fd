//! Changing and resetting what a member proves themselves with, over HTTP.

mod changes;
mod confirming;
mod hashing;
mod resets;

use axum::{
    Router,
    extract::FromRef,
    routing::{post, put},
};
use server_kit::{Clock, Database, ProxyArgs};

use crate::members::Membership;

pub use confirming::confirm_settlement_code;

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Clock: FromRef<S>,
    Database: FromRef<S>,
    Membership: FromRef<S>,
    ProxyArgs: FromRef<S>,
{
    Router::new()
        .route("/v1/members/me/password", put(changes::change_password))
        .route("/v1/members/me/settlement-code", put(changes::change_settlement_code))
        .route("/v1/resets", post(resets::ask))
        .route("/v1/resets/{id}", put(resets::set_anew))
}
