//! A member's own data over HTTP.

mod email;
mod export;
mod leave;
mod profile;

use axum::{
    Router,
    extract::FromRef,
    routing::{get, post, put},
};
use server_kit::{Clock, Database, ProxyArgs};

use crate::{members::Membership, methods::MemberMethods};

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Clock: FromRef<S>,
    Database: FromRef<S>,
    Membership: FromRef<S>,
    MemberMethods: FromRef<S>,
    ProxyArgs: FromRef<S>,
{
    let me = get(profile::profile).put(profile::change).delete(leave::leave);
    Router::new()
        .route("/v1/members/me", me)
        .route("/v1/members/me/email", post(email::ask))
        .route("/v1/members/me/email/{id}", put(email::confirm))
        .route("/v1/members/me/export", get(export::export))
}
