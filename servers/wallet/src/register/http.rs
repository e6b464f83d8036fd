//! Stores and their signs over HTTP.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{FromRef, Path, Query, State},
    routing::get,
};
use domain::{
    Position, Store, StoreId,
    wire::{Keys, Sign},
};
use serde::Deserialize;
use server_kit::{Clock, Database, Refused};
use uuid::Uuid;

use super::{nearby::Nearby, table::of_id};
use crate::{network::Network, signing::Signing};

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Nearby>: FromRef<S>,
    Arc<Signing>: FromRef<S>,
    Clock: FromRef<S>,
    Database: FromRef<S>,
    Network: FromRef<S>,
{
    Router::new()
        .route("/v1/stores", get(near))
        .route("/v1/stores/{id}", get(store))
        .route("/v1/stores/{id}/sign", get(sign))
        .route("/v1/keys", get(keys))
}

/// Stores told around a place, and how far around, metres.
const NEAR: usize = 50;
const NEAR_M: f64 = 500.0;

#[derive(Deserialize)]
struct Near {
    near: String,
}

async fn near(
    State(stores): State<Arc<Nearby>>,
    State(database): State<Database>,
    near: Result<Query<Near>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Vec<Store>>, Refused> {
    let position = near
        .ok()
        .and_then(|Query(Near { near })| position(&near))
        .ok_or_else(|| Refused::invalid("Ask ?near=LATITUDE,LONGITUDE in degrees."))?;
    let found = stores.near(&database, position, NEAR_M, NEAR).await?;
    Ok(Json(found.into_iter().map(|(store, _)| store).collect()))
}

fn position(text: &str) -> Option<Position> {
    let (lat, lon) = text.split_once(',')?;
    Position::from_degrees(lat.trim().parse().ok()?, lon.trim().parse().ok()?).ok()
}

async fn find(database: &Database, id: &str) -> Result<Store, Refused> {
    let unknown = || Refused::not_found("The register has no store of this id.");
    let id = Uuid::parse_str(id).map_err(|_| unknown())?;
    of_id(database, StoreId(id)).await?.ok_or_else(unknown)
}

async fn store(
    State(database): State<Database>,
    Path(id): Path<String>,
) -> Result<Json<Store>, Refused> {
    Ok(Json(find(&database, &id).await?))
}

async fn sign(
    State(database): State<Database>,
    State(signing): State<Arc<Signing>>,
    State(network): State<Network>,
    State(clock): State<Clock>,
    Path(id): Path<String>,
) -> Result<Json<Sign>, Refused> {
    let store = find(&database, &id).await?;
    let failed = |what| {
        tracing::error!(what, "a store's sign cannot be made");
        Refused::internal()
    };
    let code = signing.code(&store, clock.now()).map_err(|_| failed("code"))?;
    let beacon = store.beacon.ok_or_else(|| failed("beacon"))?;
    Ok(Json(Sign {
        code: code.to_text(),
        url: code.to_url(),
        beacon_uuid: network.beacon_uuid,
        beacon,
        store,
    }))
}

async fn keys(State(signing): State<Arc<Signing>>) -> Json<Keys> {
    Json(signing.keys())
}
