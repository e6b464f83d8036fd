//! What store terminals ask, and the ids of rotating beacons.

use std::sync::Arc;

use axum::{
    Router,
    extract::{FromRef, FromRequestParts, Path, State},
    http::request::Parts,
    routing::{get, post},
};
use domain::{
    Store, StoreId,
    wire::{BeaconKey, PaymentAsk, PaymentSign, Rotating},
};
use server_kit::{Clock, Database, Json, Refused, bearer};
use uuid::Uuid;

use super::{beacons::Beacons, rows};
use crate::{
    members::{Member, Private, private},
    register,
    signing::Signing,
    tiles::tile_id,
};

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Beacons>: FromRef<S>,
    Arc<Signing>: FromRef<S>,
    Clock: FromRef<S>,
    Database: FromRef<S>,
{
    Router::new()
        .route("/v1/stores/{id}/payments", post(payment))
        .route("/v1/stores/{id}/beacon", get(beacon))
        .route("/v1/tiles/{x}/{y}/rotating", get(rotating))
}

/// The store whose terminal sent the request.
struct Terminal {
    store: Store,
}

impl<S> FromRequestParts<S> for Terminal
where
    S: Send + Sync,
    Database: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let wrong = || Refused::unauthorized("Send this store's terminal key as a bearer token.");
        let Path(id) = Path::<Uuid>::from_request_parts(parts, state)
            .await
            .map_err(|_| Refused::not_found("The register has no store of this id."))?;
        let key = bearer(&parts.headers).ok_or_else(wrong)?;
        let database = Database::from_ref(state);
        if !rows::is_key_of(&database, StoreId(id), key).await? {
            return Err(wrong());
        }
        let store = register::of_id(&database, StoreId(id)).await?.ok_or_else(wrong)?;
        Ok(Self { store })
    }
}

/// Signs a code for one payment.
async fn payment(
    State(signing): State<Arc<Signing>>,
    State(database): State<Database>,
    State(clock): State<Clock>,
    Terminal { store }: Terminal,
    Json(PaymentAsk { amount }): Json<PaymentAsk>,
) -> Result<Private<PaymentSign>, Refused> {
    if amount.amount <= 0 || amount.currency != store.currency {
        let currency = store.currency.code();
        return Err(Refused::invalid(format!("Ask for an amount above zero in {currency}.")));
    }
    let now = clock.now();
    let keys = signing.in_force(&database, now).await?;
    let (code, expires_at) = keys.store_codes.payment(&store, amount, now).map_err(|_| {
        tracing::error!("a payment code cannot be made");
        Refused::internal()
    })?;
    Ok(private(PaymentSign { code: code.to_text(), url: code.to_url(), expires_at }))
}

/// The identity key of the terminal's own beacon.
async fn beacon(
    State(beacons): State<Arc<Beacons>>,
    Terminal { store }: Terminal,
) -> Private<BeaconKey> {
    private(beacons.key(store.id))
}

/// The ids of the beacons in a tile, for members: not for those who would send them elsewhere
/// without being known.
async fn rotating(
    State(database): State<Database>,
    State(beacons): State<Arc<Beacons>>,
    State(clock): State<Clock>,
    _: Member,
    Path(tile): Path<(String, String)>,
) -> Result<Private<Rotating>, Refused> {
    let stores = register::of_tile(&database, tile_id(&tile)?).await?;
    Ok(private(beacons.rotating(&stores, clock.now())))
}
