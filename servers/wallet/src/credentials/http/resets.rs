//! A member who has forgotten a password or a code sets it anew by a code sent to the contact. Nothing
//! tells who is a member.

use std::net::IpAddr;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use domain::wire::{CodeSent, Profile, ResetConfirmation, ResetRequest, SecretOf};
use server_kit::{DAY_MS, Json, Refused, from_json};
use uuid::Uuid;

use super::hashing::hashed;
use crate::{
    credentials::{
        reset_rows::{self, Reset},
        rows,
    },
    members::{
        MAX_USER_ID, Membership, Message, Private, Purpose, SecretKind, SecurityEvent, Source,
        Subject, confirm_secret, count_code, network_of, note, one_time_code, private, refusals,
    },
};

/// `POST /v1/resets`: the same answer after the same work, whether or not there is such a member.
pub async fn ask(
    State(membership): State<Membership>,
    Source(source): Source,
    Json(ResetRequest { user_id, of }): Json<ResetRequest>,
) -> Result<(StatusCode, Private<CodeSent>), Refused> {
    let Membership { database, pepper, clock, .. } = &membership;
    let messages = membership.messages.as_ref().ok_or_else(refusals::no_messages)?;
    if user_id.len() > MAX_USER_ID {
        return Err(Refused::invalid("The user id is too long."));
    }
    let network = network_of(source);
    let joiners = pepper.of_subject(&format!("joiners from {network}"));
    count_code(&membership, Subject::Joiners(&joiners)).await?;
    // By network as well: who is not the member must not close the member's way back.
    let asker = pepper.of_subject(&format!("reset from {network} of {user_id}"));
    count_code(&membership, Subject::Secret(&asker)).await?;
    let contact = reset_rows::contact_of(database, &user_id).await?;
    let (id, code) = (refusals::random_id()?, one_time_code::new_code());
    let code = code.map_err(|_| refusals::no_random())?;
    let (member_id, profile) = contact.unzip();
    let expires_at = one_time_code::expires_at(clock.now());
    let code_mac = pepper.of_one_time_code(id, &code);
    let new = Reset { id, member_id, of_what: of, code_mac, expires_at };
    reset_rows::keep(database, &new).await?;
    if let Some(profile) = profile {
        let Profile { email, .. } = from_json(&profile, "profile")?;
        messages.send(Message { to: email, purpose: purpose(of), code: Some(code) });
    }
    Ok((StatusCode::ACCEPTED, private(CodeSent { id, expires_at })))
}

fn purpose(of: SecretOf) -> Purpose {
    match of {
        SecretOf::Password => Purpose::ResetPassword,
        SecretOf::SettlementCode => Purpose::ResetSettlementCode,
    }
}

/// `PUT /v1/resets/{id}`.
pub async fn set_anew(
    State(membership): State<Membership>,
    Source(source): Source,
    Path(id): Path<Uuid>,
    Json(asked): Json<ResetConfirmation>,
) -> Result<StatusCode, Refused> {
    // Ends by itself, as a change does.
    let set = tokio::spawn(set(membership, source, id, asked));
    set.await.map_err(|_| Refused::internal())??;
    Ok(StatusCode::NO_CONTENT)
}

async fn set(
    membership: Membership,
    source: IpAddr,
    id: Uuid,
    ResetConfirmation { code, new, password }: ResetConfirmation,
) -> Result<(), Refused> {
    let Membership { database, clock, passwords, pepper, .. } = &membership;
    let mac = pepper.of_one_time_code(id, &one_time_code::digits(&code));
    let opened = reset_rows::open(database, id, &mac, clock.now()).await?;
    let (member_id, of) = opened.ok_or_else(refusals::code_refused)?;
    let credentials = rows::credentials_of(database, &member_id).await?;
    let credentials = credentials.ok_or_else(refusals::code_refused)?;
    let turn = passwords.turn().await.ok_or_else(Refused::internal)?;
    if of == SecretOf::SettlementCode {
        // Who reads a member's mail must not be able to pay with that alone, so the password is
        // needed, and one that was not set by mail just now.
        apart(&membership, &member_id).await?;
        let present = password.ok_or_else(refusals::wrong_secret)?;
        let confirmed = (SecretKind::Password, present, credentials.password_hash.clone());
        confirm_secret(&membership, &turn, &member_id, confirmed).await?;
    }
    let hash = hashed(&turn, of, new, credentials).await?;
    let now = clock.now();
    if !reset_rows::close(database, id, &member_id, of, &hash, now).await? {
        return Err(refusals::code_refused());
    }
    let event = match of {
        SecretOf::Password => SecurityEvent::PasswordReset,
        SecretOf::SettlementCode => SecurityEvent::SettlementCodeReset,
    };
    Ok(note(database, Some(&member_id), event, source, now).await?)
}

/// How long after a password was reset, or codes began to go elsewhere, a settlement code may be reset,
/// ms: the member, whose devices were all logged out or whose old address was told, has a day to notice.
const APART_MS: i64 = DAY_MS;

async fn apart(membership: &Membership, member_id: &str) -> Result<(), Refused> {
    let Membership { database, clock, .. } = membership;
    let last = reset_rows::last_turn(database, member_id).await?;
    let since = last.map_or(APART_MS, |last| clock.now().millis_since(last));
    if since >= APART_MS {
        return Ok(());
    }
    let seconds = APART_MS.saturating_sub(since.max(0)) / 1000;
    Err(Refused::new(
        StatusCode::CONFLICT,
        "too_soon",
        "The password or the e-mail address is less than a day old",
        "Wait a day after a reset of the password or another e-mail address.",
    )
    .retry_after(u64::try_from(seconds).unwrap_or(0).max(1)))
}
