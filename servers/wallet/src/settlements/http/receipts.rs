//! The receipt of a payment, signed, for its member.

use std::sync::Arc;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
};
use domain::wire::SignedReceipt;
use server_kit::{Clock, Refused};
use uuid::Uuid;

use super::settlements::known;
use crate::{
    members::{Member, Private, private},
    settlements::{capture::Settlements, rows::receipts},
    signing::Signing,
};

/// `GET /v1/settlements/{id}/receipt`.
pub async fn receipt(
    State(signing): State<Arc<Signing>>,
    State(room): State<Settlements>,
    State(clock): State<Clock>,
    member: Member,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<Private<SignedReceipt>, Refused> {
    let Path(id) = id.map_err(|_| Refused::not_found("There is no settlement of this id."))?;
    let (database, now) = (room.database(), clock.now());
    let settlement = known(database, &member, id, now).await?;
    let receipt = receipts::receipt(database, &settlement, &member.id).await?;
    let receipt = receipt.ok_or_else(not_paid)?;
    let keys = signing.in_force(database, now).await?;
    let signed = SignedReceipt::sign(&receipt, &keys.receipts).map_err(|_| Refused::internal())?;
    Ok(private(signed))
}

fn not_paid() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "not_paid",
        "There is no receipt",
        "Only what is paid has one: ask what became of the settlement.",
    )
}
