//! Sessions that are bound to a device's key: short, and renewed by refresh tokens that are good once.

use axum::{
    extract::{FromRequestParts, State},
    http::request::Parts,
};
use domain::wire::{BoundSession, LoginRequest, RefreshRequest};
use server_kit::{Json, Refused};

use super::{
    asking::{Private, Source, private},
    log_in::{Admitted, judged, random_token},
    proving::{Proven, proven},
    refusals,
};
use crate::members::{
    bound_rows::{self, Binding, Refreshed},
    membership::Membership,
    rules::MAX_DEVICE,
    security_log::{SecurityEvent, note},
};

impl<S: Send + Sync> FromRequestParts<S> for Proven {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        proven(parts)
    }
}

/// `POST /v1/sessions/bound`: as `POST /v1/sessions`, for the key of the proof.
pub async fn log_in(
    State(membership): State<Membership>,
    Source(source): Source,
    Proven { thumbprint }: Proven,
    Json(asked): Json<LoginRequest>,
) -> Result<Private<BoundSession>, Refused> {
    let admitted = judged(&membership, source, asked).await?;
    open(&membership, admitted, thumbprint).await.map(private)
}

/// Opens a session for the key with that thumbprint.
pub async fn open(
    membership: &Membership,
    admitted: Admitted,
    thumbprint: String,
) -> Result<BoundSession, Refused> {
    let Admitted { member_id, device, description, source } = admitted;
    let Membership { database, clock, .. } = membership;
    let now = clock.now();
    let device = device.map_or_else(random_token, Ok)?;
    let binding = Binding {
        member_id,
        thumbprint,
        family: refusals::random_id()?.to_string(),
        access: random_token()?,
        refresh: random_token()?,
    };
    note(database, Some(&binding.member_id), SecurityEvent::LoggedIn, source, now).await?;
    Ok(bound_rows::open(database, &binding, (device, description), now).await?)
}

/// `POST /v1/sessions/refreshed`: the next session of a device, for the next refresh token.
pub async fn refresh(
    State(membership): State<Membership>,
    Source(source): Source,
    Proven { thumbprint }: Proven,
    Json(RefreshRequest { refresh_token }): Json<RefreshRequest>,
) -> Result<Private<BoundSession>, Refused> {
    if refresh_token.len() > MAX_DEVICE {
        return Err(Refused::invalid("The refresh token is too long."));
    }
    let Membership { database, clock, .. } = &membership;
    let now = clock.now();
    let next = (random_token()?, random_token()?);
    match bound_rows::refresh(database, &refresh_token, &thumbprint, next, now).await? {
        Refreshed::Session(session) => Ok(private(session)),
        Refreshed::Reused { member_id } => {
            note(database, Some(&member_id), SecurityEvent::RefreshReused, source, now).await?;
            Err(over())
        }
        Refreshed::Unknown => Err(over()),
    }
}

fn over() -> Refused {
    Refused::unauthorized("The session is over: log in.")
}
