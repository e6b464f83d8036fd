//! Joining over HTTP.

use std::net::IpAddr;

use axum::{
    Router,
    extract::{FromRef, State},
    http::StatusCode,
    routing::post,
};
use domain::wire::{CodeSent, JoinConfirmation, JoinRequest};
use server_kit::{Json, ProxyArgs, Refused, random_bytes};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{
    rows::{self, Confirmed, Registration},
    rules::{self, Unfit},
    wallet::empty_wallet,
};
use crate::{
    members::{
        Membership, Message, Messages, Private, Purpose, SecretKind, SecurityEvent, Source,
        Subject, Turn, count_guess, network_of, note, one_time_code, private, too_many_guesses,
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
    let messages = membership.messages.clone().ok_or_else(no_messages)?;
    rules::check(&asked).map_err(|Unfit(must_be)| Refused::invalid(must_be))?;
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
    count(&membership, Subject::Joiners(&joiners)).await?;
    let turn = membership.passwords.turn().await.ok_or_else(Refused::internal)?;
    let asked = weighed(asked).await?;
    let contact = pepper.of_subject(&format!("mail to {}", asked.profile.email));
    count(&membership, Subject::Secret(&contact)).await?;
    let (new, code) = hashed(&membership, &turn, asked).await?;
    rows::keep(&membership.database, &new).await?;
    messages.send(Message { to: new.profile.email, purpose: Purpose::Join, code });
    Ok(CodeSent { id: new.id, expires_at: new.expires_at })
}

/// Counts a request for a code; each costs somebody a message.
async fn count(membership: &Membership, subject: Subject<'_>) -> Result<(), Refused> {
    let now = membership.clock.now();
    let counted = count_guess(&membership.database, &[subject], now).await?;
    counted.map_err(too_many_guesses)
}

/// The same, where nobody guesses its secrets soon. Takes the processor's time, so it needs a turn.
async fn weighed(asked: JoinRequest) -> Result<JoinRequest, Refused> {
    let weighed = spawn_blocking(move || {
        let JoinRequest { user_id, password, settlement_code, profile, .. } = &asked;
        let known = [&**user_id, &profile.name, &profile.email, &profile.phone];
        if weighing::is_weak_password(password, &known) {
            Err(weak_password())
        } else if weighing::is_weak_code(settlement_code, &profile.phone, password) {
            Err(weak_settlement_code())
        } else {
            Ok(asked)
        }
    });
    weighed.await.map_err(|_| Refused::internal())?
}

/// The registration to keep, and the code it waits for.
async fn hashed(
    membership: &Membership,
    turn: &Turn,
    asked: JoinRequest,
) -> Result<(Registration, String), Refused> {
    let JoinRequest { user_id, password, settlement_code, profile, device } = asked;
    let password_hash = turn.hash(SecretKind::Password, password).await.ok_or_else(no_random)?;
    let settlement_code_hash =
        turn.hash(SecretKind::SettlementCode, settlement_code).await.ok_or_else(no_random)?;
    let (id, code) = (random_id()?, one_time_code::new_code().map_err(|_| no_random())?);
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
    let member_id = random_id()?.to_string();
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
        Confirmed::Refused => Err(Refused::new(
            StatusCode::CONFLICT,
            "code_refused",
            "The code is not valid",
            "Check the code; after 15 minutes or 5 wrong ones ask for a new one. If the answer to \
             a right one was lost, log in.",
        )),
    }
}

fn weak_password() -> Refused {
    Refused::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "weak_password",
        "The password is soon guessed",
        "Take a longer one, or several words that do not belong together.",
    )
}

fn weak_settlement_code() -> Refused {
    Refused::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "weak_settlement_code",
        "The settlement code is soon guessed",
        "Take digits that are no date, no row, and no part of another number of yours.",
    )
}

fn no_messages() -> Refused {
    Refused::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "no_messages",
        "No codes can be sent",
        "This server has no way to send codes; ask its operator.",
    )
}

fn no_random() -> Refused {
    tracing::error!("the system gives no random numbers");
    Refused::internal()
}

fn random_id() -> Result<Uuid, Refused> {
    let bytes = random_bytes().map_err(|_| no_random())?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
