//! A member's devices over HTTP: listed, and logged out from afar.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use domain::wire::Devices;
use server_kit::Refused;

use super::asking::{Member, Private, Source, private};
use crate::members::{
    devices,
    membership::Membership,
    security_log::{SecurityEvent, note},
};

/// `GET /v1/devices`.
pub async fn devices(
    State(Membership { database, clock, .. }): State<Membership>,
    member: Member,
) -> Result<Private<Devices>, Refused> {
    let here = member.device.as_deref();
    let devices = devices::devices_of(&database, &member.id, here, clock.now()).await?;
    Ok(private(Devices { devices }))
}

/// `DELETE /v1/devices/{id}`; also the one that asks.
pub async fn log_out_device(
    State(Membership { database, clock, .. }): State<Membership>,
    member: Member,
    Source(source): Source,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    if !devices::log_out_device(&database, &member.id, &id).await? {
        return Err(Refused::not_found("No device of this id is known; see GET /v1/devices."));
    }
    let now = clock.now();
    note(&database, Some(&member.id), SecurityEvent::DeviceLoggedOut, source, now).await?;
    Ok(StatusCode::NO_CONTENT)
}
