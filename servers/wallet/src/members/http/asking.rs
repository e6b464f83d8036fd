//! Who asks: the member a request comes from, and from where in the network.

use std::net::IpAddr;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderName, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use server_kit::{Clock, Database, Peer, ProxyArgs, Refused, bearer};

use super::proving::{bound_token, proven};
use crate::members::{
    devices::digest,
    rows::{self, SessionRow},
};

/// What is told of a member must not be cached.
const NO_STORE: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];
/// An answer for one member alone.
pub type Private<T> = ([(HeaderName, &'static str); 1], axum::Json<T>);

/// `body`, for one member alone.
pub fn private<T>(body: T) -> Private<T> {
    (NO_STORE, axum::Json(body))
}

/// A long `body`, for one member alone, written into `room` bytes made beforehand: one that grows
/// while it is written is copied each time.
///
/// # Errors
/// [`Refused`] when it has no form in JSON.
pub fn private_long<T: Serialize>(body: &T, room: usize) -> Result<Response, Refused> {
    let mut written = Vec::with_capacity(room);
    serde_json::to_writer(&mut written, body).map_err(|_| Refused::internal())?;
    Ok((NO_STORE, [(header::CONTENT_TYPE, "application/json")], written).into_response())
}

/// The member whose token came with the request.
pub struct Member {
    /// The row in `member`.
    pub id: String,
    /// The digest of the device's token; absent for sessions from before devices were known.
    pub device: Option<String>,
    /// The session's token.
    pub(super) token: String,
}

impl Member {
    /// The digest that the session is found by.
    pub fn session(&self) -> String {
        digest(&self.token)
    }
}

/// What a request shows of who asks: a session's token, and the key that the request was proven
/// with. Calls of one answer look up both the member and what is told by one connection.
pub struct Shown {
    token: String,
    key: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Shown {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let bound = bound_token(&parts.headers);
        let token = bound.or_else(|| bearer(&parts.headers));
        let token = token.ok_or_else(|| {
            Refused::unauthorized("Log in and send the session's token in Authorization.")
        })?;
        let key = bound.map(|_| proven(parts)).transpose()?.map(|proven| proven.thumbprint);
        Ok(Self { token: token.to_owned(), key })
    }
}

impl Shown {
    /// What the session is found by.
    pub fn token_digest(&self) -> String {
        digest(&self.token)
    }

    /// The member of the session that was found.
    ///
    /// # Errors
    /// 401 where none was, or it is bound to another key.
    pub fn of(self, session: Option<SessionRow>) -> Result<Member, Refused> {
        let Self { token, key } = self;
        let (id, device, _) = session
            .filter(|(_, _, bound_to)| *bound_to == key)
            .ok_or_else(|| Refused::unauthorized("The session is over: log in."))?;
        Ok(Member { id, device, token })
    }
}

impl<S> FromRequestParts<S> for Member
where
    S: Send + Sync,
    Clock: FromRef<S>,
    Database: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let shown = Shown::from_request_parts(parts, state).await?;
        let now = Clock::from_ref(state).now();
        let database = Database::from_ref(state);
        let session = rows::session(&database, &shown.token_digest(), now).await?;
        shown.of(session)
    }
}

/// Where a request comes from.
pub struct Source(pub IpAddr);

impl<S> FromRequestParts<S> for Source
where
    S: Send + Sync,
    ProxyArgs: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let Peer(peer) = *parts.extensions.get().ok_or_else(Refused::internal)?;
        Ok(Self(ProxyArgs::from_ref(state).source(peer, &parts.headers)))
    }
}
