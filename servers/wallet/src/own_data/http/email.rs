//! Another e-mail address, proven by a code that is sent to it.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use domain::wire::{CodeSent, EmailChange, EmailConfirmation, Profile};
use server_kit::{Json, Refused};
use uuid::Uuid;

use super::profile::{confirmed, known, no_contact};
use crate::{
    members::{
        Member, Membership, Message, Private, Purpose, SecurityEvent, Source, Subject, count_code,
        fields, note, one_time_code, private, refusals,
    },
    own_data::{
        email_rows::{self, NewAddress},
        rows::Known,
    },
};

/// `POST /v1/members/me/email`, confirmed by the password.
pub async fn ask(
    State(membership): State<Membership>,
    member: Member,
    Json(EmailChange { password, email }): Json<EmailChange>,
) -> Result<(StatusCode, Private<CodeSent>), Refused> {
    let Membership { database, clock, pepper, messages, .. } = &membership;
    let messages = messages.as_ref().ok_or_else(refusals::no_messages)?;
    let Known { password_hash, profile, .. } = known(&membership, &member.id).await?;
    let profile = profile.ok_or_else(no_contact)?;
    fields::profile(&Profile { email: email.clone(), ..profile }).map_err(refusals::unfit)?;
    confirmed(&membership, &member, password, password_hash).await?;
    // Each costs somebody a message, who may be anybody.
    let contact = pepper.of_subject(&format!("mail to {email}"));
    count_code(&membership, Subject::Secret(&contact)).await?;
    let (id, code) = (refusals::random_id()?, one_time_code::new_code());
    let code = code.map_err(|_| refusals::no_random())?;
    let expires_at = one_time_code::expires_at(clock.now());
    let code_mac = pepper.of_one_time_code(id, &code);
    let new = NewAddress { id, member_id: &member.id, email: &email, code_mac, expires_at };
    email_rows::keep(database, &new).await?;
    messages.send(Message { to: email, purpose: Purpose::ChangeEmail, code: Some(code) });
    Ok((StatusCode::ACCEPTED, private(CodeSent { id, expires_at })))
}

/// `PUT /v1/members/me/email/{id}`: from now on codes go to the new address; the one before is told.
pub async fn confirm(
    State(membership): State<Membership>,
    member: Member,
    Source(source): Source,
    Path(id): Path<Uuid>,
    Json(EmailConfirmation { code }): Json<EmailConfirmation>,
) -> Result<StatusCode, Refused> {
    let Membership { database, clock, pepper, messages, .. } = &membership;
    let (mac, now) = (pepper.of_one_time_code(id, &one_time_code::digits(&code)), clock.now());
    let before = email_rows::confirm(database, &member.id, id, &mac, now).await?;
    let before = before.ok_or_else(refusals::code_refused)?;
    note(database, Some(&member.id), SecurityEvent::EmailChanged, source, now).await?;
    if let Some(messages) = messages {
        messages.send(Message { to: before, purpose: Purpose::EmailChanged, code: None });
    }
    Ok(StatusCode::NO_CONTENT)
}
