//! Members over HTTP: who asks, log-in and log-out, devices, and what other rooms confirm by.

mod asking;
mod bound;
mod confirming;
mod devices;
mod log_in;
mod provided;
mod proving;
pub mod refusals;

use axum::{
    Router,
    extract::FromRef,
    routing::{delete, get, post},
};
use server_kit::{Clock, Database, ProxyArgs};

use super::membership::Membership;

pub use asking::{Member, Private, Shown, Source, private, private_long};
pub use confirming::{confirm_secret, count_code};
pub use proving::prove;

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
        .route("/v1/sessions", post(log_in::log_in).delete(log_in::log_out))
        .route("/v1/sessions/bound", post(bound::log_in))
        .route("/v1/sessions/refreshed", post(bound::refresh))
        .route("/v1/sessions/provided", post(provided::log_in))
        .route("/v1/devices", get(devices::devices))
        .route("/v1/devices/{id}", delete(devices::log_out_device))
}
