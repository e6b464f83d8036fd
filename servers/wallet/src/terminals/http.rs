//! What store terminals ask, and the ids of rotating beacons.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{FromRef, FromRequestParts, Path, State},
    http::request::Parts,
    routing::get,
};
use domain::{
    Store, StoreId,
    wire::{BeaconKey, Rotating, RotatingBuckets},
};
use server_kit::{Clock, Database, Refused, bearer};
use uuid::Uuid;

use super::{beacons::Beacons, rotating::Ordered, rows};
use crate::{
    members::{Private, private},
    register,
};

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Beacons>: FromRef<S>,
    Arc<Ordered>: FromRef<S>,
    Clock: FromRef<S>,
    Database: FromRef<S>,
{
    Router::new()
        .route("/v1/stores/{id}/beacon", get(beacon))
        .route("/v1/rotating", get(buckets))
        .route("/v1/rotating/{bits}/{bucket}", get(bucket))
}

/// The store in a request's path, whose terminal sent it.
pub struct Terminal {
    /// The store.
    pub store: Store,
}

impl<S> FromRequestParts<S> for Terminal
where
    S: Send + Sync,
    Database: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let wrong = || Refused::unauthorized("Send this store's terminal key as a bearer token.");
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|Path(path)| path.get("id")?.parse::<Uuid>().ok());
        let id = id.ok_or_else(|| Refused::not_found("The register has no store of this id."))?;
        let key = bearer(&parts.headers).ok_or_else(wrong)?;
        let database = Database::from_ref(state);
        if !rows::is_key_of(&database, StoreId(id), key).await? {
            return Err(wrong());
        }
        let store = register::of_id(&database, StoreId(id)).await?.ok_or_else(wrong)?;
        Ok(Self { store })
    }
}

/// The identity key of the terminal's own beacon.
async fn beacon(
    State(beacons): State<Arc<Beacons>>,
    Terminal { store }: Terminal,
) -> Private<BeaconKey> {
    private(beacons.key(store.id))
}

/// How the ids of rotating beacons are divided, for anyone.
async fn buckets(
    State(database): State<Database>,
    State(beacons): State<Arc<Beacons>>,
    State(ordered): State<Arc<Ordered>>,
    State(clock): State<Clock>,
) -> Result<Json<RotatingBuckets>, Refused> {
    Ok(Json(ordered.buckets(&beacons, &database, clock.now()).await?))
}

/// The ids of the beacons of one bucket, for anyone: who asks as a member would say where the member is.
async fn bucket(
    State(database): State<Database>,
    State(beacons): State<Arc<Beacons>>,
    State(ordered): State<Arc<Ordered>>,
    State(clock): State<Clock>,
    Path((bits, bucket)): Path<(String, String)>,
) -> Result<Private<Rotating>, Refused> {
    let asked = bits.parse().ok().zip(bucket.parse().ok());
    let unknown = || Refused::not_found("There is no such bucket; see /v1/rotating.");
    let asked = asked.filter(|(bits, _)| *bits < 64).ok_or_else(unknown)?;
    let told = ordered.bucket(&beacons, &database, asked, clock.now()).await?;
    Ok(private(told.ok_or_else(unknown)?))
}
