//! Who a member is: seen and changed.

use axum::{extract::State, http::StatusCode};
use domain::wire::{MemberProfile, Profile, ProfileChange};
use server_kit::{Json, Refused};

use crate::{
    members::{
        Member, Membership, Private, SecretKind, SecurityEvent, Source, confirm_secret, fields,
        note, private, refusals,
    },
    own_data::rows::{self, Known},
};

/// Who a member is, and what confirms it.
pub async fn known(membership: &Membership, member_id: &str) -> Result<Known, Refused> {
    let mut connection = membership.database.reads().acquire().await?;
    let known = rows::known(&mut connection, member_id).await?;
    known.ok_or_else(|| Refused::unauthorized("The member has left."))
}

/// `GET /v1/members/me`.
pub async fn profile(
    State(membership): State<Membership>,
    member: Member,
) -> Result<Private<MemberProfile>, Refused> {
    let Known { user_id, profile, .. } = known(&membership, &member.id).await?;
    Ok(private(MemberProfile { user_id, profile }))
}

/// `PUT /v1/members/me`: name, address and phone, confirmed by the password. The e-mail address stays:
/// codes go there, and another has to be proven.
pub async fn change(
    State(membership): State<Membership>,
    member: Member,
    Source(source): Source,
    Json(asked): Json<ProfileChange>,
) -> Result<StatusCode, Refused> {
    let Known { password_hash, profile, .. } = known(&membership, &member.id).await?;
    let email = profile.map(|profile| profile.email).ok_or_else(no_contact)?;
    let ProfileChange { password, name, address, phone } = asked;
    let profile = Profile { name, address, phone, email };
    fields::profile(&profile).map_err(refusals::unfit)?;
    confirmed(&membership, &member, password, password_hash).await?;
    let Membership { database, clock, .. } = &membership;
    let now = clock.now();
    rows::put_profile(database, &member.id, &profile, now).await?;
    note(database, Some(&member.id), SecurityEvent::ProfileChanged, source, now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the member who asks knows the password.
pub async fn confirmed(
    membership: &Membership,
    member: &Member,
    password: String,
    hash: String,
) -> Result<(), Refused> {
    let (membership, member_id) = (membership.clone(), member.id.clone());
    // Ends by itself: a client that gives up must not leave a guess counted that was right.
    let judged = tokio::spawn(async move {
        let turn = membership.passwords.turn().await.ok_or_else(Refused::internal)?;
        confirm_secret(&membership, &turn, &member_id, (SecretKind::Password, password, hash)).await
    });
    judged.await.map_err(|_| Refused::internal())?
}

/// The refusal for a member whom the server's operator put in.
pub fn no_contact() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "no_profile",
        "This member has no profile",
        "The member was put in by the server's operator, who changes what is known of them.",
    )
}
