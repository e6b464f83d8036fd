//! A terminal gives back what its store was paid, and the member asks what that was.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::wire::{Refund, RefundRequest, SettlementRefund};
use server_kit::{Clock, Database, IdempotencyKey, Json, Refused, bearer, id_reused, replayed};
use uuid::Uuid;

use crate::{
    members::{Member, Private, private},
    pursuit::within,
    settlements::{
        capture::Settlements,
        rows::{
            refunds::{self, Begun},
            settlements,
        },
        rules,
    },
    terminals::is_key_of,
};

/// `POST /v1/settlements/{id}/refunds`, by a terminal of the store that was paid.
pub async fn refund(
    State(room): State<Settlements>,
    State(clock): State<Clock>,
    headers: HeaderMap,
    id: Result<Path<Uuid>, PathRejection>,
    IdempotencyKey(refund_id): IdempotencyKey,
    Json(RefundRequest { amount, cashier }): Json<RefundRequest>,
) -> Result<Response, Refused> {
    let wrong = || Refused::unauthorized("Send the key of the terminal whose store was paid.");
    let Path(id) = id.map_err(|_| wrong())?;
    let (database, at) = (room.database(), clock.now());
    let key = bearer(&headers).ok_or_else(wrong)?;
    let (settlement, _) = settlements::of_id(database, id, at).await?.ok_or_else(wrong)?;
    if !is_key_of(database, settlement.store, key).await? {
        return Err(wrong());
    }
    if amount.amount <= 0 {
        return Err(Refused::invalid("An amount is above zero, in minor units."));
    }
    let cashier = rules::cashier(cashier).map_err(Refused::invalid)?;
    let asked = Refund { id: refund_id, settlement: id, amount, at };
    let (refund, again) = match refunds::begin(database, &asked, cashier.as_deref()).await? {
        Begun::Pending(refund) => (refund, false),
        Begun::Done(refund) => return Ok(made(refund, true)),
        Begun::Failed => return Err(failed()),
        Begun::OtherContent => return Err(id_reused()),
        Begun::NotCaptured => return Err(not_captured()),
        Begun::TooMuch => return Err(too_much()),
    };
    within(room.give_back(&refund)).await;
    match refunds::is_made(database, refund.id).await? {
        Some(true) => Ok(made(refund, again)),
        Some(false) => Err(failed()),
        None => Err(pending()),
    }
}

/// `GET /v1/refunds/{id}`, by the member who had paid.
pub async fn one(
    State(database): State<Database>,
    State(clock): State<Clock>,
    member: Member,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<Private<SettlementRefund>, Refused> {
    let missing = || Refused::not_found("There is no refund of this id.");
    let Path(id) = id.map_err(|_| missing())?;
    let refund = refunds::made(&database, id).await?.ok_or_else(missing)?;
    let of = (&*member.id, refund.settlement);
    let settlement = settlements::of_member(&database, of.0, of.1, clock.now()).await?;
    let settlement = settlement.ok_or_else(missing)?;
    Ok(private(SettlementRefund { refund, settlement }))
}

fn made(refund: Refund, again: bool) -> Response {
    (StatusCode::CREATED, replayed(again), private(refund)).into_response()
}

fn refused(code: &'static str, title: &'static str, detail: &'static str) -> Refused {
    Refused::new(StatusCode::UNPROCESSABLE_ENTITY, code, title, detail)
}

fn failed() -> Refused {
    refused("refund_failed", "The refund failed", "Try again with a new id.")
}

fn pending() -> Refused {
    Refused::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "refund_pending",
        "It is not known yet whether the money went back",
        "The operator is asked until it is: ask again under the same id.",
    )
    .retry_after(5)
}

fn not_captured() -> Refused {
    refused("not_captured", "Nothing was paid", "Only what was paid can be given back.")
}

fn too_much() -> Refused {
    refused(
        "more_than_captured",
        "More than was paid",
        "Give back, with what was given back before, at most what was paid, in its currency.",
    )
}
