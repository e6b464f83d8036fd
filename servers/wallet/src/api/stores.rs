use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
};
use domain::{
    Position, Store, StoreId,
    wire::{Keys, Sign},
};
use serde::Deserialize;
use server_frame::Refused;
use uuid::Uuid;

use super::entries;
use crate::{App, register};

/// Stores told around a place, and how far around, metres.
const NEAR: usize = 50;
const NEAR_M: f64 = 500.0;

#[derive(Deserialize)]
pub(super) struct Near {
    near: String,
}

pub(super) async fn near(
    State(app): State<Arc<App>>,
    near: Result<Query<Near>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Vec<Store>>, Refused> {
    let position = near
        .ok()
        .and_then(|Query(Near { near })| position(&near))
        .ok_or_else(|| Refused::invalid("Ask ?near=LATITUDE,LONGITUDE in degrees."))?;
    let found = entries::near(&app, position, NEAR_M, NEAR).await?;
    Ok(Json(found.into_iter().map(|at| at.store).collect()))
}

fn position(text: &str) -> Option<Position> {
    let (lat, lon) = text.split_once(',')?;
    Position::from_degrees(lat.trim().parse().ok()?, lon.trim().parse().ok()?).ok()
}

async fn find(app: &App, id: &str) -> Result<Store, Refused> {
    let unknown = || Refused::not_found("The register has no store of this id.");
    let id = Uuid::parse_str(id).map_err(|_| unknown())?;
    register::of_id(&app.pool, StoreId(id)).await?.ok_or_else(unknown)
}

pub(super) async fn store(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<Store>, Refused> {
    Ok(Json(find(&app, &id).await?))
}

pub(super) async fn sign(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<Sign>, Refused> {
    let store = find(&app, &id).await?;
    let failed = |what| {
        tracing::error!(what, "a store's sign cannot be made");
        Refused::internal()
    };
    let code = app.signing.code(&store, app.clock.now()).map_err(|_| failed("code"))?;
    let beacon = store.beacon.ok_or_else(|| failed("beacon"))?;
    Ok(Json(Sign {
        code: code.to_text(),
        url: code.to_url(),
        beacon_uuid: app.beacon_uuid,
        beacon,
        store,
    }))
}

pub(super) async fn keys(State(app): State<Arc<App>>) -> Json<Keys> {
    Json(app.signing.keys())
}
