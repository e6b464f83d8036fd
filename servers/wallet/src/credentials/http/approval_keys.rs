//! The key by which the device of a session agrees to payments.

use std::net::IpAddr;

use axum::{extract::State, http::StatusCode};
use domain::{
    Timestamp,
    wire::{APPROVAL_LASTS_MS, ApprovalKey, SignedApproval},
};
use server_kit::{Json, Refused};

use super::confirming::confirm_settlement_code;
use crate::{
    credentials::approval_keys,
    members::{Member, Membership, SecurityEvent, Source, note},
};

/// `PUT /v1/members/me/approval-key`.
pub async fn set_approval_key(
    State(membership): State<Membership>,
    member: Member,
    Source(source): Source,
    Json(asked): Json<ApprovalKey>,
) -> Result<StatusCode, Refused> {
    // Ends by itself: a right code must not stay counted as wrong.
    let set = tokio::spawn(set(membership, member, source, asked));
    set.await.map_err(|_| Refused::internal())??;
    Ok(StatusCode::NO_CONTENT)
}

async fn set(
    membership: Membership,
    member: Member,
    source: IpAddr,
    ApprovalKey { public_key, settlement_code }: ApprovalKey,
) -> Result<(), Refused> {
    let point = approval_keys::point_of(&public_key).ok_or_else(|| {
        Refused::invalid(
            "public_key: a SubjectPublicKeyInfo or an uncompressed point on P-256, as base64url.",
        )
    })?;
    let device = member.device.as_deref().ok_or_else(no_device)?;
    confirm_settlement_code(&membership, &member.id, settlement_code).await?;
    let Membership { database, clock, .. } = &membership;
    approval_keys::put(database, (&member.id, device), &point).await?;
    let event = SecurityEvent::ApprovalKeySet;
    Ok(note(database, Some(&member.id), event, source, clock.now()).await?)
}

/// `DELETE /v1/members/me/approval-key`.
pub async fn forget_approval_key(
    State(membership): State<Membership>,
    member: Member,
) -> Result<StatusCode, Refused> {
    if let Some(device) = &member.device {
        approval_keys::forget(&membership.database, (&member.id, device)).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the key of the member's device signed what `to_sign` gives for the instant that it says.
///
/// # Errors
/// 403 when it did not, or the device has no key; 409 when it says another time than it is.
pub async fn confirm_signed(
    membership: &Membership,
    member: &Member,
    signed: &SignedApproval,
    to_sign: impl FnOnce(Timestamp) -> Vec<u8>,
) -> Result<(), Refused> {
    let device = member.device.as_deref().ok_or_else(no_device)?;
    let point = approval_keys::of(&membership.database, (&member.id, device)).await?;
    let point = point.ok_or_else(no_key)?;
    if !approval_keys::is_signed(&point, &to_sign(signed.at), &signed.signature) {
        return Err(not_signed());
    }
    // A phone knows the server's time; what is kept back longer agrees to what the till has given up.
    let off = membership.clock.now().millis_since(signed.at);
    if off.saturating_abs() < APPROVAL_LASTS_MS { Ok(()) } else { Err(at_another_time()) }
}

fn no_device() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "no_device",
        "The session has no device",
        "Log in on the device whose key is to agree to payments.",
    )
}

fn no_key() -> Refused {
    Refused::new(
        StatusCode::FORBIDDEN,
        "no_approval_key",
        "This device has no key",
        "Approve by the settlement code, or set the device's key with it first.",
    )
}

fn not_signed() -> Refused {
    Refused::new(
        StatusCode::FORBIDDEN,
        "not_signed",
        "The signature is not one of this approval",
        "Sign what was shown with this device's key, or approve by the settlement code.",
    )
}

fn at_another_time() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "signed_at_another_time",
        "The approval was signed at another time",
        "Sign again with the server's time, which each answer carries in its header field `Date`.",
    )
}
