//! Log-in and log-out over HTTP.

use std::net::IpAddr;

use axum::{extract::State, http::StatusCode};
use domain::wire::{DeviceDescription, LoginRequest, Session};
use server_kit::{Json, Refused, hex, random_bytes};

use super::{
    asking::{Member, Private, Source, private},
    refusals::{self, too_many_guesses},
};
use crate::members::{
    bound_rows, devices, fields,
    membership::Membership,
    passwords::{SecretKind, is_outdated},
    pepper::Pepper,
    rows,
    rules::{MAX_DEVICE, MAX_USER_ID, PASSWORD_LENGTH, Subject, network_of},
    security_log::{SecurityEvent, note},
};

/// `POST /v1/sessions`, where the server opens sessions that no key is bound to.
pub async fn log_in(
    State(membership): State<Membership>,
    Source(source): Source,
    Json(asked): Json<LoginRequest>,
) -> Result<Private<Session>, Refused> {
    if !membership.bearer_sessions {
        return Err(Refused::not_found(
            "This server opens sessions for a key alone: send a proof to /v1/sessions/bound.",
        ));
    }
    let admitted = judged(&membership, source, asked).await?;
    admit(&membership, admitted).await.map(private)
}

/// Who logs in, by user id and password.
///
/// # Errors
/// 401 for a wrong one, 429 for one that comes too early.
pub async fn judged(
    membership: &Membership,
    source: IpAddr,
    asked: LoginRequest,
) -> Result<Admitted, Refused> {
    let device_length = asked.device.as_ref().map_or(0, String::len);
    if asked.user_id.len() > MAX_USER_ID
        || asked.password.len() > *PASSWORD_LENGTH.end()
        || device_length > MAX_DEVICE
    {
        return Err(Refused::invalid("The user id, the password or the device is too long."));
    }
    fields::device(&asked.description).map_err(refusals::unfit)?;
    // Ends by itself: a client that gives up must not leave a guess counted that was right.
    let judged = tokio::spawn(judge(membership.clone(), source, asked));
    judged.await.map_err(|_| Refused::internal())?
}

async fn judge(
    membership: Membership,
    source: IpAddr,
    LoginRequest { user_id, password, device, description }: LoginRequest,
) -> Result<Admitted, Refused> {
    let Membership { database, clock, passwords, pepper, .. } = &membership;
    let known = devices::known(database, device, &user_id).await?;
    let digests = Digests::of(pepper, &user_id, network_of(source), known.as_deref());
    let subjects = digests.subjects();
    let turn = passwords.turn().await.ok_or_else(Refused::internal)?;
    let now = clock.now();
    rows::count_guess(database, &subjects, now).await?.map_err(too_many_guesses)?;
    let (id, hash) = rows::by_user_id(database, &user_id).await?.unzip();
    let matches = turn.matches(SecretKind::Password, password.clone(), hash.clone()).await;
    if !matches {
        note(database, id.as_deref(), SecurityEvent::LogInRefused, source, now).await?;
    }
    let member_id = id.filter(|_| matches).ok_or_else(wrong_credentials)?;
    rows::forget_guesses(database, &subjects).await?;
    if let Some(outdated) = hash.filter(|hash| is_outdated(hash)) {
        // Made anew while the password is at hand.
        let hash = turn.hash(SecretKind::Password, password).await;
        let hash = hash.ok_or_else(refusals::no_random)?;
        rows::replace_hash(database, &member_id, &outdated, &hash).await?;
    }
    Ok(Admitted { member_id, device: known, description, source })
}

/// Who may have a session now, on what device and from where; without a device's token the device is new.
pub struct Admitted {
    pub member_id: String,
    pub device: Option<String>,
    pub description: DeviceDescription,
    pub source: IpAddr,
}

/// Opens a session.
pub async fn admit(membership: &Membership, admitted: Admitted) -> Result<Session, Refused> {
    let Membership { database, clock, .. } = membership;
    let Admitted { member_id, device, description, source } = admitted;
    let now = clock.now();
    let device = device.map_or_else(random_token, Ok)?;
    let token = random_token()?;
    note(database, Some(&member_id), SecurityEvent::LoggedIn, source, now).await?;
    Ok(rows::open_session(database, &member_id, token, (device, description), now).await?)
}

/// The refusal of a log-in, which does not tell whether there is such a member.
pub fn wrong_credentials() -> Refused {
    Refused::new(
        StatusCode::UNAUTHORIZED,
        "wrong_credentials",
        "Not signed in",
        "The user id or the password is wrong.",
    )
}
/// Under which digests the guess of a log-in is counted.
struct Digests {
    secret: String,
    /// `None` for a device that has logged in before: what others guess from its network is not its
    /// fault, and it has a counter of its own.
    source: Option<String>,
}

impl Digests {
    fn of(pepper: &Pepper, user_id: &str, network: IpAddr, known_device: Option<&str>) -> Self {
        let digest = |text: String| pepper.of_subject(&text);
        match known_device {
            Some(device) => Self {
                secret: digest(format!("log-in by device {device} {user_id}")),
                source: None,
            },
            None => Self {
                secret: digest(format!("log-in {network} {user_id}")),
                source: Some(digest(format!("source {network}"))),
            },
        }
    }

    fn subjects(&self) -> Vec<Subject<'_>> {
        let source = self.source.as_deref().map(Subject::Source);
        [Some(Subject::Secret(&self.secret)), source].into_iter().flatten().collect()
    }
}

/// 32 random bytes in hexadecimal.
pub fn random_token() -> Result<String, Refused> {
    random_bytes::<32>().map(|bytes| hex(&bytes)).map_err(|_| refusals::no_random())
}

/// `DELETE /v1/sessions`.
pub async fn log_out(
    State(Membership { database, .. }): State<Membership>,
    member: Member,
) -> Result<StatusCode, Refused> {
    bound_rows::close(&database, &member.token).await?;
    Ok(StatusCode::NO_CONTENT)
}
