//! Joining over HTTP.

use std::net::IpAddr;

use axum::{
    Router,
    extract::{FromRef, State},
    http::StatusCode,
    routing::post,
};
use domain::wire::{CodeSent, JoinConfirmation, JoinRequest};
use server_kit::{Json, ProxyArgs, Refused};
use tokio::task::spawn_blocking;

use super::{
    rows::{self, Confirmed, Registration},
    wallet::empty_wallet,
};
use crate::{
    members::{
        Membership, Message, Messages, Private, Purpose, SecretKind, SecurityEvent, Source,
        Subject, Turn, count_code, fields, network_of, note, one_time_code, private, refusals,
        weighing,
    },
    methods::MemberMethods,
};

/// The calls of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Membership: FromRef<S>,
    MemberMethods: FromRef<S>,
    ProxyArgs: FromRef<S>,
{
    Router::new().route("/v1/members", post(join)).route("/v1/members/confirmations", post(confirm))
}

async fn join(
    State(membership): State<Membership>,
    Source(source): Source,
    Json(asked): Json<JoinRequest>,
) -> Result<(StatusCode, Private<CodeSent>), Refused> {
    let messages = membership.messages.clone().ok_or_else(refusals::no_messages)?;
    fields::joining(&asked).map_err(refusals::unfit)?;
    // Ends by itself: what is hashed must not outlive its turn.
    let registered = tokio::spawn(register(membership, messages, source, asked));
    let sent = registered.await.map_err(|_| Refused::internal())??;
    Ok((StatusCode::ACCEPTED, private(sent)))
}

async fn register(
    membership: Membership,
    messages: Messages,
    source: IpAddr,
    asked: JoinRequest,
) -> Result<CodeSent, Refused> {
    let pepper = &membership.pepper;
    let joiners = pepper.of_subject(&format!("joiners from {}", network_of(source)));
    count_code(&membership, Subject::Joiners(&joiners)).await?;
    let turn = membership.passwords.turn().await.ok_or_else(Refused::internal)?;
    let asked = weighed(asked).await?;
    let contact = pepper.of_subject(&format!("mail to {}", asked.profile.email));
    count_code(&membership, Subject::Secret(&contact)).await?;
    let (new, code) = hashed(&membership, &turn, asked).await?;
    rows::keep(&membership.database, &new).await?;
    messages.send(Message { to: new.profile.email, purpose: Purpose::Join, code: Some(code) });
    Ok(CodeSent { id: new.id, expires_at: new.expires_at })
}

/// The same, where nobody guesses its secrets soon. Takes the processor's time, so it needs a turn.
async fn weighed(asked: JoinRequest) -> Result<JoinRequest, Refused> {
    let weighed = spawn_blocking(move || {
        let JoinRequest { user_id, password, settlement_code, profile, .. } = &asked;
        let known = [&**user_id, &profile.name, &profile.email, &profile.phone];
        weighing::weigh_password(password, &known)?;
        weighing::weigh_code(settlement_code, &profile.phone, password)?;
        Ok(asked)
    });
    weighed.await.map_err(|_| Refused::internal())?.map_err(refusals::weak)
}

/// The registration to keep, and the code it waits for.
async fn hashed(
    membership: &Membership,
    turn: &Turn,
    asked: JoinRequest,
) -> Result<(Registration, String), Refused> {
    let JoinRequest { user_id, password, settlement_code, profile, device } = asked;
    let password_hash =
        turn.hash(SecretKind::Password, password).await.ok_or_else(refusals::no_random)?;
    let settlement_code_hash = turn
        .hash(SecretKind::SettlementCode, settlement_code)
        .await
        .ok_or_else(refusals::no_random)?;
    let (id, code) =
        (refusals::random_id()?, one_time_code::new_code().map_err(|_| refusals::no_random())?);
    let code_mac = membership.pepper.of_one_time_code(id, &code);
    let expires_at = one_time_code::expires_at(membership.clock.now());
    let new = Registration {
        id,
        user_id,
        password_hash,
        settlement_code_hash,
        profile,
        joined_on: device,
        code_mac,
        expires_at,
    };
    Ok((new, code))
}

async fn confirm(
    State(membership): State<Membership>,
    State(methods): State<MemberMethods>,
    Source(source): Source,
    Json(JoinConfirmation { id, code }): Json<JoinConfirmation>,
) -> Result<StatusCode, Refused> {
    let Membership { database, clock, pepper, wallet_currency, .. } = &membership;
    let mac = pepper.of_one_time_code(id, &one_time_code::digits(&code));
    let wallet = empty_wallet(*wallet_currency).ok_or_else(Refused::internal)?;
    let member_id = refusals::random_id()?.to_string();
    let now = clock.now();
    let wallet = (&*methods.grant_key, &wallet);
    match rows::confirm(database, id, &mac, &member_id, wallet, now).await? {
        Confirmed::Joined => {
            note(database, Some(&member_id), SecurityEvent::Joined, source, now).await?;
            Ok(StatusCode::NO_CONTENT)
        }
        Confirmed::UserIdTaken => Err(Refused::new(
            StatusCode::CONFLICT,
            "user_id_taken",
            "The user id is taken",
            "Join again with another user id.",
        )),
        Confirmed::Refused => Err(refusals::code_refused()),
    }
}
