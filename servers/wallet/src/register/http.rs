//! Stores and their signs over HTTP.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{FromRef, Path, State},
    routing::{get, post},
};
use domain::{
    Store, StoreId,
    wire::{NearRequest, Network, Sign},
};
use server_kit::{Clock, Database, Refused};
use uuid::Uuid;

use super::{nearby::Nearby, table::of_id};
use crate::signing::Signing;

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Nearby>: FromRef<S>,
    Arc<Signing>: FromRef<S>,
    Clock: FromRef<S>,
    Database: FromRef<S>,
    Arc<Network>: FromRef<S>,
{
    Router::new()
        .route("/v1/stores/near", post(near))
        .route("/v1/stores/{id}", get(store))
        .route("/v1/stores/{id}/sign", get(sign))
}

/// Stores told around a place, and how far around, metres.
const NEAR: usize = 50;
const NEAR_M: f64 = 500.0;

/// A position is asked for in a body: an address may stand in the log of every proxy on the way.
async fn near(
    State(stores): State<Arc<Nearby>>,
    State(database): State<Database>,
    server_kit::Json(NearRequest { position }): server_kit::Json<NearRequest>,
) -> Result<Json<Vec<Store>>, Refused> {
    let mut connection = database.reads().acquire().await?;
    let found = stores.near(&database, &mut connection, position, NEAR_M, NEAR).await?;
    Ok(Json(found.into_iter().map(|(store, _)| store).collect()))
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
    State(network): State<Arc<Network>>,
    State(clock): State<Clock>,
    Path(id): Path<String>,
) -> Result<Json<Sign>, Refused> {
    let store = find(&database, &id).await?;
    let failed = |what| {
        tracing::error!(what, "a store's sign cannot be made");
        Refused::internal()
    };
    let now = clock.now();
    let keys = signing.in_force(&database, now).await?;
    let code = keys.store_codes.code(&store, now).map_err(|_| failed("code"))?;
    let beacon = store.beacon.ok_or_else(|| failed("beacon"))?;
    Ok(Json(Sign {
        code: code.to_text(),
        url: code.to_url(network.link_host()),
        network: Network::clone(&network),
        beacon,
        store,
    }))
}
