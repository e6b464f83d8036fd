//! What a terminal asks for: a charge, the codes that are shown for it, and the closing of the day.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    Channel,
    wire::{Charge, ChargeRequest, ChargeState, Closing, Network, PaymentSign},
};
use server_kit::{Clock, Database, IdempotencyKey, Json, Refused, hex, id_reused, replayed};
use uuid::Uuid;

use super::tokens;
use crate::{
    events::Waiting,
    members::{Membership, Private, private},
    pursuit::within,
    settlements::{
        capture::Settlements,
        rows::{
            charges::{self, Asked, Wanted},
            closings,
        },
        rules,
    },
    signing::Signing,
    terminals::Terminal,
};

/// What a request on another channel is told.
const CHANNELS: &str =
    "The channel is `scan`, or `code` or `contactless` with the `code` of the member's phone.";

/// `POST /v1/stores/{id}/charges`.
pub async fn charge(
    State(room): State<Settlements>,
    State(waiting): State<Waiting>,
    State(membership): State<Membership>,
    Terminal { store }: Terminal,
    IdempotencyKey(id): IdempotencyKey,
    Json(asked): Json<ChargeRequest>,
) -> Result<Response, Refused> {
    let ChargeRequest { amount, cashier, channel, code } = asked;
    if amount.amount <= 0 || amount.currency != store.currency {
        let currency = store.currency.code();
        return Err(Refused::invalid(format!("Ask for an amount above zero in {currency}.")));
    }
    let cashier = rules::cashier(cashier).map_err(Refused::invalid)?;
    let (now, cashier) = (membership.clock.now(), cashier.as_deref());
    let wanted = Wanted { id, store: store.id, amount, cashier, token_digest: None };
    let (charge, again) = match (channel, code) {
        (Channel::Scan, None) => match charges::begin(room.database(), &wanted, now).await? {
            Asked::Now(charge) => (charge, false),
            Asked::Before(charge) => (charge, true),
            Asked::OtherContent => return Err(id_reused()),
        },
        (Channel::Code | Channel::Contactless, Some(code)) => {
            let with = (&membership, &waiting);
            tokens::charge(&room, with, &wanted, (channel, &code), now).await?
        }
        _ => return Err(Refused::invalid(CHANNELS)),
    };
    Ok((StatusCode::CREATED, replayed(again), private(charge)).into_response())
}

/// `POST /v1/stores/{id}/charges/{charge}/codes`: a new payment code for an open charge.
pub async fn code(
    State(signing): State<Arc<Signing>>,
    State(network): State<Arc<Network>>,
    State(database): State<Database>,
    State(clock): State<Clock>,
    Terminal { store }: Terminal,
    Path(path): Path<HashMap<String, String>>,
) -> Result<Private<PaymentSign>, Refused> {
    let now = clock.now();
    let id = charge_id(&path)?;
    let known = charges::by_id(database.reads(), id, now).await?;
    let charge = known.filter(|known| known.store == store.id).ok_or_else(missing)?.charge;
    if charge.state != ChargeState::Open {
        return Err(not_open());
    }
    let keys = signing.in_force(&database, now).await?;
    let made = keys.store_codes.payment(&store, charge.amount, now);
    let (code, expires_at) = made.map_err(|_| {
        tracing::error!("a payment code cannot be made");
        Refused::internal()
    })?;
    if let Some(payment) = code.unverified().payment {
        charges::put_nonce(&database, id, &hex(&payment.nonce)).await?;
    }
    Ok(private(PaymentSign {
        code: code.to_text(),
        url: code.to_url(network.link_host()),
        expires_at,
    }))
}

/// `GET /v1/stores/{id}/charges/{charge}`.
pub async fn one(
    State(database): State<Database>,
    State(clock): State<Clock>,
    Terminal { store }: Terminal,
    Path(path): Path<HashMap<String, String>>,
) -> Result<Private<Charge>, Refused> {
    let known = charges::by_id(database.reads(), charge_id(&path)?, clock.now()).await?;
    let known = known.filter(|known| known.store == store.id).ok_or_else(missing)?;
    Ok(private(known.charge))
}

/// `DELETE /v1/stores/{id}/charges/{charge}`: the terminal takes it back. What an operator is about to
/// pay is given up, unless the operator has taken the money; 202 while that is not known.
pub async fn end(
    State(room): State<Settlements>,
    State(clock): State<Clock>,
    Terminal { store }: Terminal,
    Path(path): Path<HashMap<String, String>>,
) -> Result<Response, Refused> {
    let (database, id, now) = (room.database(), charge_id(&path)?, clock.now());
    let known = charges::by_id(database.reads(), id, now).await?;
    known.filter(|known| known.store == store.id).ok_or_else(missing)?;
    let mut charge = charges::end(database, id, now).await?.ok_or_else(missing)?.charge;
    if let Some(settlement) = charge.settlement.filter(|_| charge.state == ChargeState::Paying)
        && let Some(ended) = room.give_up(settlement).await?
    {
        within(ended).await;
        // Now that nobody pays it any more, unless the operator was faster.
        charge = charges::end(database, id, now).await?.ok_or_else(missing)?.charge;
        if charge.state == ChargeState::Paying {
            return Ok((StatusCode::ACCEPTED, private(charge)).into_response());
        }
    }
    match charge.state {
        ChargeState::Ended => Ok(private(charge).into_response()),
        _ => Err(not_open()),
    }
}

/// `POST /v1/stores/{id}/closings`.
pub async fn close(
    State(database): State<Database>,
    State(clock): State<Clock>,
    Terminal { store }: Terminal,
    IdempotencyKey(id): IdempotencyKey,
) -> Result<Response, Refused> {
    let closed = closings::close(&database, store.id, id, clock.now()).await?;
    let (closing, again): (Closing, bool) = closed.ok_or_else(id_reused)?;
    Ok((StatusCode::CREATED, replayed(again), private(closing)).into_response())
}

fn charge_id(path: &HashMap<String, String>) -> Result<Uuid, Refused> {
    path.get("charge").and_then(|id| id.parse().ok()).ok_or_else(missing)
}

fn missing() -> Refused {
    Refused::not_found("This store has no charge of this id.")
}

fn not_open() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "charge_not_open",
        "The charge is not open",
        "Somebody pays it or has paid it, or its time is over: ask for the charge.",
    )
}
