//! The member agrees to exactly what was shown, and proves to be the member.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    Channel, Timestamp,
    wire::{Approval, Settlement, SettlementState},
};
use server_kit::{Json, Refused};
use uuid::Uuid;

use super::settlements::known;
use crate::{
    credentials::{confirm_settlement_code, confirm_signed, pays},
    events::Waiting,
    members::{Member, Membership, private},
    pursuit::within,
    settlements::{capture::Settlements, rows::tokens, rules},
};

/// `POST /v1/settlements/{id}/approve`.
pub async fn approve(
    State(membership): State<Membership>,
    State(room): State<Settlements>,
    State(waiting): State<Waiting>,
    member: Member,
    id: Result<Path<Uuid>, PathRejection>,
    Json(approval): Json<Approval>,
) -> Result<Response, Refused> {
    let Path(id) = id.map_err(|_| Refused::not_found("There is no settlement of this id."))?;
    // Ends by itself: a right code must not stay counted as wrong, nor an approved payment wait for a
    // phone that gave up.
    let member_id = member.id.clone();
    let approved = tokio::spawn(judge(membership, room, member, id, approval));
    let settlement = approved.await.map_err(|_| Refused::internal())??;
    waiting.wake(&member_id);
    let status = match settlement.state {
        SettlementState::Pending => StatusCode::ACCEPTED,
        _ => StatusCode::OK,
    };
    Ok((status, private(settlement)).into_response())
}

async fn judge(
    membership: Membership,
    room: Settlements,
    member: Member,
    id: Uuid,
    approval: Approval,
) -> Result<Settlement, Refused> {
    let database = room.database();
    let now = membership.clock.now();
    let settlement = known(database, &member, id, now).await?;
    if !rules::is_agreed(&approval, &settlement) {
        return Err(not_what_was_shown());
    }
    match settlement.state {
        SettlementState::ToApprove => {}
        SettlementState::Void => return Err(too_late()),
        _ => return Ok(settlement),
    }
    if settlement.channel != Channel::Scan
        && !tokens::is_approved_on(database, id, member.device.as_deref()).await?
    {
        return Err(other_device());
    }
    pays(&membership, (&member.id, member.device.as_deref())).await?;
    prove(&membership, &member, id, approval).await?;
    let Some(approved) = room.approve(id, now).await? else {
        return outcome(&room, &member, id, now).await;
    };
    within(approved.ended.clone()).await;
    match approved.outcome() {
        Some(settlement) => Ok(settlement),
        None => known(database, &member, id, now).await,
    }
}

/// That it is the member who agrees: by the settlement code, or by the key of the device.
async fn prove(
    membership: &Membership,
    member: &Member,
    id: Uuid,
    mut approval: Approval,
) -> Result<(), Refused> {
    match (approval.settlement_code.take(), approval.signed.take()) {
        (Some(code), None) => confirm_settlement_code(membership, &member.id, code).await,
        (None, Some(signed)) => {
            confirm_signed(membership, member, &signed, |at| approval.to_sign(id, at)).await
        }
        _ => Err(Refused::invalid("One of `settlement_code` and `signed` says who agrees.")),
    }
}

/// What it is now: approved by another request, or given up.
async fn outcome(
    room: &Settlements,
    member: &Member,
    id: Uuid,
    now: Timestamp,
) -> Result<Settlement, Refused> {
    let settlement = known(room.database(), member, id, now).await?;
    match settlement.state {
        SettlementState::Void | SettlementState::ToApprove => Err(too_late()),
        _ => Ok(settlement),
    }
}

fn not_what_was_shown() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "not_what_was_shown",
        "This is not what is to be paid",
        "The payee, the amount or the method is another: show the settlement again.",
    )
}

fn other_device() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "other_device",
        "Another device showed the code",
        "Approve the payment on the device that showed the code to the till.",
    )
}

fn too_late() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "approval_too_late",
        "The approval came too late",
        "Nothing was paid. Begin the payment again.",
    )
}
