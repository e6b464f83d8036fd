//! Changing and resetting what a member proves themselves with, over HTTP.

mod approval_keys;
mod changes;
mod confirming;
mod hashing;
mod paying;
mod resets;

use axum::{
    Router,
    extract::FromRef,
    routing::{get, post, put},
};
use server_kit::{Clock, Database, ProxyArgs};

use crate::members::Membership;

pub use approval_keys::confirm_signed;
pub use confirming::confirm_settlement_code;
pub use paying::pays;

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
        .route(
            "/v1/members/me/approval-key",
            put(approval_keys::set_approval_key).delete(approval_keys::forget_approval_key),
        )
        .route(
            "/v1/members/me/unlock-limit",
            get(paying::unlock_limit).put(paying::set_unlock_limit),
        )
        .route("/v1/devices/{id}/agreement", put(paying::agree_to_device))
        .route("/v1/resets", post(resets::ask))
        .route("/v1/resets/{id}", put(resets::set_anew))
}
