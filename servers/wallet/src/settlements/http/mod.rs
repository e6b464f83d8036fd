//! Charges, settlements, refunds and closings over HTTP.

mod approving;
mod charges;
mod receipts;
mod refunds;
mod settlements;
mod tokens;

use std::sync::Arc;

use axum::{
    Router,
    extract::FromRef,
    routing::{delete, get, post},
};
use domain::wire::Network;
use server_kit::{Clock, Database, ProxyArgs};

use super::capture::Settlements;
use crate::{events::Waiting, members::Membership, signing::Signing};

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Network>: FromRef<S>,
    Arc<Signing>: FromRef<S>,
    Clock: FromRef<S>,
    Database: FromRef<S>,
    Membership: FromRef<S>,
    ProxyArgs: FromRef<S>,
    Settlements: FromRef<S>,
    Waiting: FromRef<S>,
{
    Router::new()
        .route("/v1/stores/{id}/charges", post(charges::charge))
        .route("/v1/stores/{id}/charges/{charge}", get(charges::one).delete(charges::end))
        .route("/v1/stores/{id}/charges/{charge}/codes", post(charges::code))
        .route("/v1/stores/{id}/closings", post(charges::close))
        .route("/v1/tokens", post(tokens::make))
        .route("/v1/tokens/{id}", delete(tokens::end))
        .route("/v1/settlements", get(settlements::list).post(settlements::begin))
        .route("/v1/settlements/{id}", get(settlements::one).delete(settlements::give_up))
        .route("/v1/settlements/{id}/approve", post(approving::approve))
        .route("/v1/settlements/{id}/receipt", get(receipts::receipt))
        .route("/v1/settlements/{id}/refunds", post(refunds::refund))
        .route("/v1/refunds/{id}", get(refunds::one))
}
