//! What a member begins to pay, and what became of it.

use std::sync::Arc;

use axum::{
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    Channel, Currency, Money, StoreId, Timestamp,
    wire::{STORE_CODE_MOST, Settlement, SettlementPage, SettlementRequest, SettlementState},
};
use serde::Deserialize;
use server_kit::{
    Clock, Database, IdempotencyKey, Json, Refused, behind, cursor, hex, id_reused, replayed,
};
use uuid::Uuid;

use crate::{
    members::{Member, Private, private},
    pursuit::within,
    register,
    settlements::{
        capture::Settlements,
        rows::settlements::{self, Begun, Wanted},
        rules,
    },
    signing::{Signing, genuine},
};

/// Settlements of one page, unless fewer are asked for.
const PAGE: usize = 50;

/// `POST /v1/settlements`.
pub async fn begin(
    State(signing): State<Arc<Signing>>,
    State(room): State<Settlements>,
    State(clock): State<Clock>,
    member: Member,
    IdempotencyKey(id): IdempotencyKey,
    Json(SettlementRequest { code, method, amount }): Json<SettlementRequest>,
) -> Result<Response, Refused> {
    let now = clock.now();
    let known = settlements::of_id(room.database(), id, now).await?;
    // What was begun is told though its code has run out meanwhile.
    let at = known.as_ref().map_or(now, |(settlement, _)| settlement.at);
    let code = genuine(&signing, room.database(), &code, at).await?;
    let code = code.unverified();
    let (member_id, channel) = (&*member.id, Channel::Scan);
    let wanted = Wanted { id, member_id, method: &method, channel, device: None };
    let begun = match (code.payment, amount) {
        (Some(payment), None) => {
            settlements::begin(room.database(), &wanted, &hex(&payment.nonce), now).await?
        }
        (None, Some(amount)) => {
            let store = StoreId(code.store);
            let known = register::of_id(room.database(), store).await?.ok_or_else(no_charge)?;
            if !rules::fits_store_code(amount, known.currency) {
                return Err(too_much(known.currency));
            }
            settlements::begin_asked(room.database(), &wanted, (store, amount), now).await?
        }
        (None, None) => return Err(not_a_payment_code()),
        (Some(_), Some(_)) => {
            return Err(Refused::invalid("The code names the amount: leave `amount` out."));
        }
    };
    let (settlement, again) = match begun {
        Begun::Now(settlement) => (settlement, false),
        Begun::Before(settlement) => (settlement, true),
        Begun::OtherContent => return Err(id_reused()),
        Begun::NoCharge => return Err(no_charge()),
        Begun::Taken => return Err(taken()),
    };
    let settlement = checked(&room, &member, settlement, now).await?;
    Ok((StatusCode::CREATED, replayed(again), private(settlement)).into_response())
}

/// What cannot be paid fails before the member is asked to agree.
async fn checked(
    room: &Settlements,
    member: &Member,
    settlement: Settlement,
    now: Timestamp,
) -> Result<Settlement, Refused> {
    if settlement.state != SettlementState::ToApprove {
        return Ok(settlement);
    }
    match room.check(&settlement, &member.id).await? {
        Ok(()) => Ok(settlement),
        Err(reason) => {
            settlements::fail(room.database(), settlement.id, reason).await?;
            known(room.database(), member, settlement.id, now).await
        }
    }
}

/// `GET /v1/settlements/{id}`.
pub async fn one(
    State(database): State<Database>,
    State(clock): State<Clock>,
    member: Member,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<Private<Settlement>, Refused> {
    let Path(id) = id.map_err(|_| missing())?;
    Ok(private(known(&database, &member, id, clock.now()).await?))
}

/// `DELETE /v1/settlements/{id}`: the member does not agree, or not any more, where an operator has not
/// taken the money yet.
pub async fn give_up(
    State(room): State<Settlements>,
    State(clock): State<Clock>,
    member: Member,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<Private<Settlement>, Refused> {
    let Path(id) = id.map_err(|_| missing())?;
    let database = room.database();
    known(database, &member, id, clock.now()).await?;
    settlements::give_up(database, id).await?;
    let asked = room.give_up(id).await?;
    let is_asked = asked.is_some();
    if let Some(ended) = asked {
        within(ended).await;
    }
    let settlement = known(database, &member, id, clock.now()).await?;
    match settlement.state {
        SettlementState::Pending if is_asked => Ok(private(settlement)),
        SettlementState::Pending | SettlementState::Captured => Err(Refused::new(
            StatusCode::CONFLICT,
            "already_approved",
            "The payment is approved",
            "Ask the cashier to give the money back.",
        )),
        _ => Ok(private(settlement)),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    after: Option<String>,
    limit: Option<usize>,
}

/// `GET /v1/settlements`.
pub async fn list(
    State(database): State<Database>,
    State(clock): State<Clock>,
    member: Member,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Private<SettlementPage>, Refused> {
    let asked = asked.ok().map(|Query(asked)| asked);
    let asked = asked.filter(|asked| asked.limit.is_none_or(|limit| (1..=PAGE).contains(&limit)));
    let Some(Asked { after, limit }) = asked else {
        return Err(Refused::invalid("`after` and `limit` (1 to 50) may be asked."));
    };
    let behind = behind(after.as_deref())?;
    let limit = limit.unwrap_or(PAGE);
    let page = settlements::page(&database, &member.id, behind, limit, clock.now()).await?;
    let (settlements, next) = page;
    let after = next.map(cursor);
    Ok(private(SettlementPage { settlements, after }))
}

/// The member's settlement with this id.
pub async fn known(
    database: &Database,
    member: &Member,
    id: Uuid,
    now: Timestamp,
) -> Result<Settlement, Refused> {
    settlements::of_member(database, &member.id, id, now).await?.ok_or_else(missing)
}

fn missing() -> Refused {
    Refused::not_found("There is no settlement of this id.")
}

fn not_a_payment_code() -> Refused {
    Refused::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "not_a_payment_code",
        "The code asks for no amount",
        "Say how much with `amount`, or ask the cashier for the code of this payment.",
    )
}

fn too_much(currency: Currency) -> Refused {
    let most = Money::new(STORE_CODE_MOST, currency);
    Refused::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "amount_too_high",
        "Not by this code",
        format!("By a code that names no amount up to {most} is paid; ask the cashier for a code."),
    )
}

fn no_charge() -> Refused {
    Refused::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "no_charge",
        "Nobody asks for this payment",
        "It was taken back or its time is over: ask the cashier for a new code.",
    )
}

fn taken() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "charge_taken",
        "Somebody else pays this, or has",
        "Ask the cashier for a code of your own.",
    )
}
