//! The token that a member's phone shows or hands over, and the terminal's charge of it.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    Channel, Timestamp,
    wire::{Charge, ChargeState, PaymentToken, SettlementState, TokenRequest},
};
use server_kit::{
    Clock, Database, DatabaseError, IdempotencyKey, Json, Refused, id_reused, replayed,
};
use uuid::Uuid;

use crate::{
    credentials::pays,
    events::Waiting,
    members::{Member, Membership, private},
    pursuit::within,
    settlements::{
        capture::Settlements,
        rows::{
            charges::{self, Wanted},
            settlements,
            tokens::{self, Charged, Made, NewToken},
        },
        token,
    },
};

/// `POST /v1/tokens`.
pub async fn make(
    State(membership): State<Membership>,
    member: Member,
    IdempotencyKey(id): IdempotencyKey,
    Json(TokenRequest { method, channel }): Json<TokenRequest>,
) -> Result<Response, Refused> {
    if channel == Channel::Scan {
        return Err(Refused::invalid("The channel of a token is `code` or `contactless`."));
    }
    let now = membership.clock.now();
    let text = token::text(&membership.pepper.payment_token(id));
    let digest = token::digest(&text).ok_or_else(Refused::internal)?;
    let (member_id, device) = (&*member.id, member.device.as_deref());
    let new = NewToken { id, digest: &digest, member_id, method: &method, channel, device };
    let (expires_at, again) = match tokens::make(&membership.database, &new, now).await? {
        Made::Now(expires_at) => (expires_at, false),
        Made::Before(expires_at) => (expires_at, true),
        Made::OtherContent => return Err(id_reused()),
        Made::Charged => return Err(used("A till has charged it: ask for the settlement.")),
        Made::Expired => return Err(expired()),
    };
    let lasts_ms = expires_at.millis_since(now);
    let made = PaymentToken { token: text, expires_at, lasts_ms };
    Ok((StatusCode::CREATED, replayed(again), private(made)).into_response())
}

/// `DELETE /v1/tokens/{id}`: the member does not show it any more.
pub async fn end(
    State(database): State<Database>,
    State(clock): State<Clock>,
    member: Member,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<StatusCode, Refused> {
    let Path(id) = id.map_err(|_| Refused::not_found("There is no token of this id."))?;
    tokens::end(&database, &member.id, id, clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Charges the token with this text on its channel; whether that was done before.
pub async fn charge(
    room: &Settlements,
    (membership, waiting): (&Membership, &Waiting),
    wanted: &Wanted<'_>,
    (channel, text): (Channel, &str),
    now: Timestamp,
) -> Result<(Charge, bool), Refused> {
    let digest = token::digest(text).ok_or_else(unknown)?;
    let wanted = Wanted { token_digest: Some(&digest), ..*wanted };
    match tokens::charge(room.database(), &wanted, (channel, &digest), now).await? {
        Charged::Now(charge, settlement, member_id) => {
            let charge = checked(room, charge, settlement, now).await?;
            let charge = unlocked(room, membership, charge, (settlement, &member_id), now).await?;
            waiting.wake(&member_id);
            Ok((charge, false))
        }
        Charged::Before(charge) => Ok((charge, true)),
        Charged::OtherContent => Err(id_reused()),
        Charged::Unknown => Err(unknown()),
        Charged::Expired => Err(expired()),
        Charged::Used => Err(used("Ask the member to show a new code.")),
        Charged::OtherChannel => Err(other_channel()),
    }
}

/// What cannot be paid fails before the member is asked to agree.
async fn checked(
    room: &Settlements,
    charge: Charge,
    id: Uuid,
    now: Timestamp,
) -> Result<Charge, DatabaseError> {
    let begun = settlements::of_id(room.database(), id, now).await?;
    if let Some((settlement, member_id)) = begun
        && settlement.state == SettlementState::ToApprove
        && let Err(reason) = room.check(&settlement, &member_id).await?
    {
        settlements::fail(room.database(), id, reason).await?;
        let ended = charges::by_id(room.database().reads(), charge.id, now).await?;
        return Ok(ended.map_or(charge, |ended| ended.charge));
    }
    Ok(charge)
}

/// Pays what the unlocked phone alone agrees to; everything else waits for the member.
async fn unlocked(
    room: &Settlements,
    membership: &Membership,
    charge: Charge,
    (settlement, member_id): (Uuid, &str),
    now: Timestamp,
) -> Result<Charge, Refused> {
    let database = room.database();
    let device = settlements::device_of(database, settlement).await?;
    if charge.state != ChargeState::Paying
        || pays(membership, (member_id, device.as_deref())).await.is_err()
        || !settlements::approve_unlocked(database, settlement, now).await?
    {
        return Ok(charge);
    }
    within(room.pursue(settlement, true)).await;
    let paid = charges::by_id(database.reads(), charge.id, now).await?;
    Ok(paid.map_or(charge, |paid| paid.charge))
}

fn unknown() -> Refused {
    Refused::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "token_unknown",
        "This is no member's code",
        "Scan the code on the member's phone again, all 26 characters of it.",
    )
}

fn other_channel() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "token_of_other_channel",
        "The code is for another channel",
        "What a phone hands over is charged as `contactless`, what it shows as `code`.",
    )
}

fn expired() -> Refused {
    Refused::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "token_expired",
        "The code's time is over",
        "Ask the member to show a new code.",
    )
}

fn used(detail: &'static str) -> Refused {
    Refused::new(StatusCode::CONFLICT, "token_used", "The code was used", detail)
}
