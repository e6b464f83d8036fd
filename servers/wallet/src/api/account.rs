use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderName, StatusCode, header},
};
use domain::{
    Registered, Timestamp,
    wire::{LoginRequest, Methods, RegisterRequest, Session},
};
use server_frame::{Json, Refused};

use crate::{
    App,
    members::{self, Member},
};

/// What is told of a member is kept by nobody on the way.
const NO_STORE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];
/// As [`NO_STORE`], as the type of an answer.
pub(super) type Private<T> = ([(HeaderName, &'static str); 1], axum::Json<T>);

pub(super) fn private<T>(body: T) -> Private<T> {
    (NO_STORE, axum::Json(body))
}

pub(super) async fn log_in(
    State(app): State<Arc<App>>,
    Json(login): Json<LoginRequest>,
) -> Result<Private<Session>, Refused> {
    let now = app.clock.now();
    let member_id = app.logins.check(&app.pool, login, now).await?;
    Ok(private(members::open(&app.pool, &member_id, now).await?))
}

pub(super) async fn log_out(
    State(app): State<Arc<App>>,
    member: Member,
) -> Result<StatusCode, Refused> {
    members::close(&app.pool, &member).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn methods(
    State(app): State<Arc<App>>,
    member: Member,
) -> Result<Private<Methods>, Refused> {
    let now = app.clock.now();
    let methods = registered(&app, &member, now).await?;
    Ok(private(Methods { methods, as_of: now }))
}

pub(super) async fn register(
    State(app): State<Arc<App>>,
    member: Member,
    Json(asked): Json<RegisterRequest>,
) -> Result<Private<Registered>, Refused> {
    let held = members::register(&app, &member, asked).await?;
    let told = app.operator.balances(vec![(held, None)], app.clock.now()).await;
    told.into_iter().next().map(private).ok_or_else(Refused::internal)
}

/// The member's methods with balances as the operator says now.
pub(super) async fn registered(
    app: &App,
    member: &Member,
    now: Timestamp,
) -> Result<Vec<Registered>, Refused> {
    let held = members::held(&app.pool, &member.id).await?;
    let registered = app.operator.balances(held, now).await;
    members::remember(&app.pool, &member.id, &registered, now).await?;
    Ok(registered)
}
