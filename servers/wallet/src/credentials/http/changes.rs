//! A member who knows the present password or code sets another.

use std::net::IpAddr;

use axum::{extract::State, http::StatusCode};
use domain::wire::{SecretChange, SecretOf};
use server_kit::{Json, Refused};

use super::hashing::{hashed, kind_of};
use crate::{
    credentials::rows::{self, Credentials},
    members::{
        Member, Membership, SecretKind, SecurityEvent, Source, Turn, confirm_secret, note, refusals,
    },
};

/// `PUT /v1/members/me/password`.
pub async fn change_password(
    State(membership): State<Membership>,
    member: Member,
    Source(source): Source,
    Json(asked): Json<SecretChange>,
) -> Result<StatusCode, Refused> {
    spawned(membership, member, source, SecretOf::Password, asked).await
}

/// `PUT /v1/members/me/settlement-code`. Who has none yet confirms with the password.
pub async fn change_settlement_code(
    State(membership): State<Membership>,
    member: Member,
    Source(source): Source,
    Json(asked): Json<SecretChange>,
) -> Result<StatusCode, Refused> {
    spawned(membership, member, source, SecretOf::SettlementCode, asked).await
}

/// Ends by itself: what is hashed must not outlive its turn, nor a right guess stay counted.
async fn spawned(
    membership: Membership,
    member: Member,
    source: IpAddr,
    what: SecretOf,
    asked: SecretChange,
) -> Result<StatusCode, Refused> {
    let changed = tokio::spawn(change(membership, member, source, what, asked));
    changed.await.map_err(|_| Refused::internal())??;
    Ok(StatusCode::NO_CONTENT)
}

async fn change(
    membership: Membership,
    member: Member,
    source: IpAddr,
    what: SecretOf,
    SecretChange { present, new }: SecretChange,
) -> Result<(), Refused> {
    let Membership { database, clock, passwords, .. } = &membership;
    let credentials = rows::credentials_of(database, &member.id).await?;
    let credentials = credentials.ok_or_else(refusals::wrong_secret)?;
    let (kind, hash) = confirming(what, &credentials);
    let old = match what {
        SecretOf::Password => Some(credentials.password_hash.clone()),
        SecretOf::SettlementCode => credentials.settlement_code_hash.clone(),
    };
    let turn: Turn = passwords.turn().await.ok_or_else(Refused::internal)?;
    confirm_secret(&membership, &turn, &member.id, (kind, present, hash)).await?;
    let new = hashed(&turn, what, new, credentials).await?;
    let now = clock.now();
    let hashes = (old.as_deref(), &*new);
    let here = member.device.as_deref();
    if !rows::change(database, &member.id, here, what, hashes, now).await? {
        return Err(refusals::wrong_secret());
    }
    let event = match what {
        SecretOf::Password => SecurityEvent::PasswordChanged,
        SecretOf::SettlementCode => SecurityEvent::SettlementCodeChanged,
    };
    Ok(note(database, Some(&member.id), event, source, now).await?)
}

/// What confirms a change: the present secret itself, or the password where there is no code yet.
fn confirming(what: SecretOf, credentials: &Credentials) -> (SecretKind, String) {
    match (what, &credentials.settlement_code_hash) {
        (SecretOf::SettlementCode, Some(hash)) => (kind_of(what), hash.clone()),
        _ => (SecretKind::Password, credentials.password_hash.clone()),
    }
}
