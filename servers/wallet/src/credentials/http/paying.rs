//! Which devices pay, and up to how much an unlocked one agrees.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use domain::{
    Money, Timestamp,
    wire::{DeviceAgreement, UNLOCK_MOST, UNLOCKS_MOST, UnlockLimit, UnlockLimitChange},
};
use server_kit::{Json, Refused};

use super::confirming::confirm_settlement_code;
use crate::{
    credentials::{new_devices, unlock_limits},
    members::{Member, Membership, Private, SecurityEvent, Source, note, private},
};

/// `GET /v1/members/me/unlock-limit`.
pub async fn unlock_limit(
    State(membership): State<Membership>,
    member: Member,
) -> Result<Private<UnlockLimit>, Refused> {
    let none = UnlockLimit { amount: Money::new(0, membership.wallet_currency), a_day: 0 };
    let kept = unlock_limits::of(&membership.database, &member.id).await?;
    Ok(private(kept.unwrap_or(none)))
}

/// `PUT /v1/members/me/unlock-limit`.
pub async fn set_unlock_limit(
    State(membership): State<Membership>,
    member: Member,
    Source(source): Source,
    Json(UnlockLimitChange { limit, settlement_code }): Json<UnlockLimitChange>,
) -> Result<StatusCode, Refused> {
    let fits = (0..=UNLOCK_MOST).contains(&limit.amount.amount) && limit.a_day <= UNLOCKS_MOST;
    if !fits {
        let most = Money::new(UNLOCK_MOST, limit.amount.currency);
        return Err(Refused::invalid(format!("Up to {most}, at most {UNLOCKS_MOST} times a day.")));
    }
    // Ends by itself: a right code must not stay counted as wrong.
    let set = tokio::spawn(async move {
        let Membership { database, clock, .. } = &membership;
        confirm_paying(&membership, &member, settlement_code).await?;
        unlock_limits::put(database, &member.id, &limit).await?;
        let event = SecurityEvent::UnlockLimitSet;
        Ok::<_, Refused>(note(database, Some(&member.id), event, source, clock.now()).await?)
    });
    set.await.map_err(|_| Refused::internal())??;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /v1/devices/{id}/agreement`: by another device, which pays itself.
pub async fn agree_to_device(
    State(membership): State<Membership>,
    member: Member,
    Source(source): Source,
    Path(id): Path<String>,
    Json(DeviceAgreement { settlement_code }): Json<DeviceAgreement>,
) -> Result<StatusCode, Refused> {
    let agreed = tokio::spawn(async move {
        let Membership { database, clock, .. } = &membership;
        confirm_paying(&membership, &member, settlement_code).await?;
        if !new_devices::agree(database, &member.id, &id).await? {
            return Err(Refused::not_found("No device of this id waits; see GET /v1/devices."));
        }
        let event = SecurityEvent::DeviceAgreed;
        Ok(note(database, Some(&member.id), event, source, clock.now()).await?)
    });
    agreed.await.map_err(|_| Refused::internal())??;
    Ok(StatusCode::NO_CONTENT)
}

/// That a device which pays asks, and the member's settlement code.
async fn confirm_paying(
    membership: &Membership,
    member: &Member,
    settlement_code: String,
) -> Result<(), Refused> {
    pays(membership, (&member.id, member.device.as_deref())).await?;
    confirm_settlement_code(membership, &member.id, settlement_code).await
}

/// That the member's device pays already.
///
/// # Errors
/// 409 while it waits, and for how long.
pub async fn pays(membership: &Membership, device: (&str, Option<&str>)) -> Result<(), Refused> {
    let (now, waits_ms) = (membership.clock.now(), membership.new_devices_wait_ms());
    let since = new_devices::waits_since(&membership.database, device, waits_ms, now).await?;
    since.map_or(Ok(()), |since| Err(too_new(since, waits_ms, now)))
}

fn too_new(since: Timestamp, waits_ms: i64, now: Timestamp) -> Refused {
    let left_s = waits_ms.saturating_sub(now.millis_since(since)) / 1_000;
    Refused::new(
        StatusCode::CONFLICT,
        "device_too_new",
        "This device does not pay yet",
        "It is new, or the settlement code was set anew: wait, or agree on another device.",
    )
    .retry_after(u64::try_from(left_s).unwrap_or(0).max(1))
}
