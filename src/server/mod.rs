//! Beside the flow: the calls to the wallet server. Comes in: what to ask. Goes out: the domain's
//! wire types or a [`ServerProblem`]. The only room that knows HTTP.

#[cfg(feature = "http")]
mod transport;

use std::sync::Arc;

use domain::{
    Registered,
    wire::{
        EntryAnswer, EntryRequest, Keys, LoginRequest, Methods, RegisterRequest, Session, Tile,
        TileId,
    },
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::{Retry, ServerProblem, WalletError},
    phone::{HttpReply, HttpRequest, HttpTransport},
};

/// The wallet server as this phone sees it.
#[derive(Clone)]
pub(crate) struct WalletServer {
    base_url: String,
    transport: Arc<dyn HttpTransport>,
}

/// Why a call of a member gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallProblem {
    /// The token is void.
    Session,
    /// Refused for good: the server does not know what was asked for.
    Refused,
    /// No usable answer.
    Away(ServerProblem),
}

/// Why a method was not registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RegisterProblem {
    /// The link code is not valid, or was used by someone else, or too many were tried.
    Code(Retry),
    /// As for every call.
    Call(CallProblem),
}

impl From<CallProblem> for RegisterProblem {
    fn from(problem: CallProblem) -> Self {
        Self::Call(problem)
    }
}

impl From<ServerProblem> for CallProblem {
    fn from(problem: ServerProblem) -> Self {
        Self::Away(problem)
    }
}

/// A tile, or that the one the phone has still holds.
pub(crate) enum TileAnswer {
    Fresh { tile: Tile, etag: Option<String> },
    Unchanged,
}

impl WalletServer {
    /// A server at `base_url`, reached by what the app lends or else by the built-in client.
    pub fn new(
        base_url: &str,
        lent: Option<Arc<dyn HttpTransport>>,
    ) -> Result<Self, ServerProblem> {
        let base_url = base_url.trim_end_matches('/').to_owned();
        if !(base_url.starts_with("https://") || base_url.starts_with("http://")) {
            return Err(ServerProblem::NotConfigured);
        }
        let transport = lent.map_or_else(built_in, Ok)?;
        Ok(Self { base_url, transport })
    }

    /// Opens a session.
    pub fn log_in(&self, user_id: &str, password: &str) -> Result<Session, WalletError> {
        let question = LoginRequest { user_id: user_id.to_owned(), password: password.to_owned() };
        let reply = self
            .send("POST", "/v1/sessions", None, None, body(&question))
            .map_err(ServerProblem::error)?;
        match reply.status {
            400 | 401 | 403 | 404 | 422 => Err(WalletError::login_refused(Retry::Never)),
            429 => Err(WalletError::login_refused(Retry::After { ms: 1_000 })),
            _ => read(&reply).map_err(ServerProblem::error),
        }
    }

    /// Ends a session; an answer is welcome but not needed.
    pub fn log_out(&self, token: &str) {
        let _ = self.send("DELETE", "/v1/sessions", Some(token), None, Vec::new());
    }

    /// The member's methods with live balances.
    pub fn methods(&self, token: &str) -> Result<Methods, CallProblem> {
        let reply = self.send("GET", "/v1/methods", Some(token), None, Vec::new())?;
        member(&reply)
    }

    /// Registers the account or card of a link code as a payment method.
    pub fn register(&self, token: &str, asked: &RegisterRequest) -> Result<(), RegisterProblem> {
        let reply = self
            .send("POST", "/v1/methods", Some(token), None, body(asked))
            .map_err(CallProblem::Away)?;
        match reply.status {
            409 | 422 => Err(RegisterProblem::Code(Retry::Never)),
            429 => Err(RegisterProblem::Code(Retry::After { ms: 1_000 })),
            _ => Ok(member::<Registered>(&reply).map(drop)?),
        }
    }

    /// The server's judgement on a sign the cache does not know.
    pub fn entry(&self, token: &str, question: &EntryRequest) -> Result<EntryAnswer, CallProblem> {
        let reply = self.send("POST", "/v1/entries", Some(token), None, body(question))?;
        member(&reply)
    }

    /// The stores of one tile, unless they are still as under `etag`.
    pub fn tile(&self, tile: TileId, etag: Option<String>) -> Result<TileAnswer, ServerProblem> {
        let path = format!("/v1/tiles/{}/{}", tile.x, tile.y);
        let reply = self.send("GET", &path, None, etag, Vec::new())?;
        if reply.status == 304 {
            return Ok(TileAnswer::Unchanged);
        }
        let tile = read(&reply)?;
        Ok(TileAnswer::Fresh { tile, etag: reply.etag })
    }

    /// The public keys that sign store codes.
    pub fn keys(&self) -> Result<Keys, ServerProblem> {
        read(&self.send("GET", "/v1/keys", None, None, Vec::new())?)
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        bearer: Option<&str>,
        if_none_match: Option<String>,
        body: Vec<u8>,
    ) -> Result<HttpReply, ServerProblem> {
        let request = HttpRequest {
            method: method.to_owned(),
            url: format!("{}{path}", self.base_url),
            bearer: bearer.map(str::to_owned),
            if_none_match,
            body,
        };
        Ok(self.transport.send(request)?)
    }
}

#[cfg(feature = "http")]
fn built_in() -> Result<Arc<dyn HttpTransport>, ServerProblem> {
    Ok(Arc::new(transport::BuiltIn::new()))
}

#[cfg(not(feature = "http"))]
fn built_in() -> Result<Arc<dyn HttpTransport>, ServerProblem> {
    Err(ServerProblem::NotConfigured)
}

fn body(question: &impl Serialize) -> Vec<u8> {
    // The wire types hold nothing that JSON cannot say, so an empty body is never sent in fact.
    serde_json::to_vec(question).unwrap_or_default()
}

fn member<T: DeserializeOwned>(reply: &HttpReply) -> Result<T, CallProblem> {
    match reply.status {
        401 | 403 => Err(CallProblem::Session),
        400 | 404 | 422 => Err(CallProblem::Refused),
        _ => Ok(read(reply)?),
    }
}

fn read<T: DeserializeOwned>(reply: &HttpReply) -> Result<T, ServerProblem> {
    match reply.status {
        200..=299 => serde_json::from_slice(&reply.body).map_err(|_| ServerProblem::Garbled),
        500..=599 | 429 => Err(ServerProblem::Failing),
        _ => Err(ServerProblem::Garbled),
    }
}
