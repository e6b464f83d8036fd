use std::sync::Arc;

use axum::extract::{Path, State};
use domain::wire::{BeaconKey, PaymentAsk, PaymentSign, Rotating};
use server_frame::{Json, Refused};

use super::{
    account::{Private, private},
    tiles::tile_id,
};
use crate::{App, members::Member, register, terminals::Terminal};

/// Signs a code for one payment.
pub(super) async fn payment(
    State(app): State<Arc<App>>,
    terminal: Terminal,
    Json(PaymentAsk { amount }): Json<PaymentAsk>,
) -> Result<Private<PaymentSign>, Refused> {
    if amount.amount <= 0 || amount.currency != terminal.store.currency {
        let currency = terminal.store.currency.code();
        return Err(Refused::invalid(format!("Ask for an amount above zero in {currency}.")));
    }
    let (code, expires_at) =
        app.signing.payment(&terminal.store, amount, app.clock.now()).map_err(|problem| {
            tracing::error!(%problem, "a payment code cannot be made");
            Refused::internal()
        })?;
    Ok(private(PaymentSign { code: code.to_text(), url: code.to_url(), expires_at }))
}

/// The identity key of the terminal's own beacon.
pub(super) async fn beacon(State(app): State<Arc<App>>, terminal: Terminal) -> Private<BeaconKey> {
    private(app.beacons.key(terminal.store.id))
}

/// The ids of the beacons in a tile, for members: not for those who would send them elsewhere
/// without being known.
pub(super) async fn rotating(
    State(app): State<Arc<App>>,
    _: Member,
    Path(tile): Path<(String, String)>,
) -> Result<Private<Rotating>, Refused> {
    let stores = register::of_tile(&app.pool, tile_id(&tile)?).await?;
    Ok(private(app.beacons.rotating(&stores, app.clock.now())))
}
