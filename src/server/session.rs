//! The member's calls: proven with this phone's key, and sent again under the next session where one is
//! over.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use base16ct::lower;
use domain::wire::{BoundSession, Problem, RefreshRequest};
use ed25519_dalek::SigningKey;
use serde::Serialize;

use super::{
    proof::Proof,
    reply::{from_json, is_problem, read},
    requests::body,
};
use crate::{
    error::ServerProblem,
    phone::{Clock, HttpHeader, HttpReply, HttpRequest, HttpTransport, Token},
};

/// Whoever keeps the member's session and the key it is bound to.
pub(crate) trait Sessions: Send + Sync {
    /// The key of this phone; `None` when the system gives no random numbers for a new one.
    fn key(&self) -> Option<SigningKey>;
    /// The session of `token` as it is now, with the tokens that followed; `None` when it is no longer
    /// the one that is logged in.
    fn current(&self, token: &Token) -> Option<Token>;
    /// Keeps the tokens that follow those of `token`, unless its session is no longer the one that is
    /// logged in.
    fn follow(&self, token: &Token, next: BoundSession) -> Option<Token>;
}

/// A call, before it is known under which token it is sent.
pub(super) struct Call<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub field: Option<(&'a str, String)>,
    pub body: Vec<u8>,
    /// How long the head of the answer may take, milliseconds.
    pub answer_within_ms: u32,
}

/// Who looks at a screen is told after this time that the server is away.
pub(super) const LOOKED_UP_WITHIN_MS: u32 = 4_000;

/// What changes something, or waits at the server, is worth as long as a call may take.
pub(super) const DONE_WITHIN_MS: u32 = 8_000;

impl<'a> Call<'a> {
    /// A question.
    pub fn post(path: &'a str, question: &impl Serialize) -> Self {
        let (body, answer_within_ms) = (body(question), DONE_WITHIN_MS);
        Self { method: "POST", path, field: None, body, answer_within_ms }
    }
}

/// The way to the server.
pub(super) struct Connection {
    base_url: String,
    transport: Arc<dyn HttpTransport>,
    clock: Arc<dyn Clock>,
    sessions: Arc<dyn Sessions>,
    /// The newest nonce of the server; held only to copy or replace it.
    nonce: Mutex<Option<String>>,
    /// Whether somebody fetches the next session: two at once would use one refresh token twice. Held
    /// only to look and to change it, never while the server is asked.
    fetching: Mutex<bool>,
    fetched: Condvar,
}

/// While it lives, nobody else fetches the next session.
struct Turn<'a>(&'a Connection);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.fetching.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.0.fetched.notify_one();
    }
}

impl Connection {
    /// To the server at `base_url`.
    pub fn new(
        base_url: String,
        transport: Arc<dyn HttpTransport>,
        clock: Arc<dyn Clock>,
        sessions: Arc<dyn Sessions>,
    ) -> Self {
        let (nonce, fetching, fetched) = (None.into(), false.into(), Condvar::new());
        Self { base_url, transport, clock, sessions, nonce, fetching, fetched }
    }

    fn turn(&self) -> Turn<'_> {
        let fetching = self.fetching.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.fetched.wait_while(fetching, |fetching| *fetching);
        *waited.unwrap_or_else(PoisonError::into_inner) = true;
        Turn(self)
    }

    fn nonce(&self) -> Option<String> {
        self.nonce.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn heard(&self, reply: &HttpReply) {
        if let Some(nonce) = reply.header("dpop-nonce") {
            *self.nonce.lock().unwrap_or_else(PoisonError::into_inner) = Some(nonce.to_owned());
        }
    }

    /// Sends a member's call; where the session is over, again under the one that follows.
    pub fn as_member(&self, call: &Call<'_>, token: &Token) -> Result<HttpReply, ServerProblem> {
        let reply = self.proven(call, Some(&token.secret))?;
        if refusal(&reply).is_none() {
            return Ok(reply);
        }
        match self.next(token)? {
            Some(next) => self.proven(call, Some(&next.secret)),
            None => Ok(reply),
        }
    }

    /// The tokens that follow, fetched by one caller for all who wait; `None` when the session is over
    /// for good.
    fn next(&self, token: &Token) -> Result<Option<Token>, ServerProblem> {
        let _turn = self.turn();
        let Some(current) = self.sessions.current(token) else { return Ok(None) };
        if current.secret != token.secret {
            return Ok(Some(current));
        }
        let next = self.refreshed(&current.refresh)?;
        Ok(next.and_then(|next| self.sessions.follow(token, next)))
    }

    /// The session that follows by a refresh token; `None` when the server has ended it. An answer that
    /// was lost is asked for again with the same token, which the same key may do until the next is used.
    pub fn refreshed(&self, refresh: &str) -> Result<Option<BoundSession>, ServerProblem> {
        let asked = RefreshRequest { refresh_token: refresh.to_owned() };
        let call = Call::post("/v1/sessions/refreshed", &asked);
        let reply = self.proven(&call, None).or_else(|_| self.proven(&call, None))?;
        match reply.status {
            400 | 401 | 422 if is_problem(&reply) => Ok(None),
            _ => read(&reply).map(Some),
        }
    }

    /// Sends a call with a proof, and once more with a new one where the server does not take it: its
    /// nonce may be too old, or the request came twice.
    pub fn proven(
        &self,
        call: &Call<'_>,
        access: Option<&str>,
    ) -> Result<HttpReply, ServerProblem> {
        for _ in 0..2 {
            let reply = self.prove(call, access)?;
            if !is_proof_refused(&reply) {
                return Ok(reply);
            }
        }
        Err(ServerProblem::Garbled)
    }

    fn prove(&self, call: &Call<'_>, access: Option<&str>) -> Result<HttpReply, ServerProblem> {
        let key = self.sessions.key().ok_or(ServerProblem::NotConfigured)?;
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|_| ServerProblem::NotConfigured)?;
        let (mut request, nonce) = (self.request(call), self.nonce());
        let proof = Proof {
            method: call.method,
            url: &request.url,
            access,
            nonce: nonce.as_deref(),
            id: &lower::encode_string(&id),
            made_at_s: self.clock.now_ms() / 1_000,
        };
        let proof = proof.signed(&key);
        if let Some(token) = access {
            request.headers.push(header("Authorization", format!("DPoP {token}")));
        }
        request.headers.push(header("DPoP", proof));
        let reply = self.carried(request)?;
        self.heard(&reply);
        Ok(reply)
    }

    /// The request of a call, without token and proof.
    fn request(&self, call: &Call<'_>) -> HttpRequest {
        let Call { method, path, field, body, answer_within_ms } = call;
        let field = field.as_ref().map(|(name, value)| header(name, value.clone()));
        let kind = || header("Content-Type", "application/json".to_owned());
        let content_type = (!body.is_empty()).then(kind);
        HttpRequest {
            method: (*method).to_owned(),
            url: format!("{}{path}", self.base_url),
            headers: [field, content_type].into_iter().flatten().collect(),
            body: body.clone(),
            answer_within_ms: *answer_within_ms,
        }
    }

    /// Sends a call of nobody.
    pub fn open(&self, call: &Call<'_>) -> Result<HttpReply, ServerProblem> {
        self.carried(self.request(call))
    }

    fn carried(&self, request: HttpRequest) -> Result<HttpReply, ServerProblem> {
        let reply = self.transport.send(request)?;
        if reply.is_bounded() { Ok(reply) } else { Err(ServerProblem::Garbled) }
    }
}

fn header(name: &str, value: String) -> HttpHeader {
    HttpHeader { name: name.to_owned(), value }
}

/// The code with which the server itself refuses the session or its proof.
fn refusal(reply: &HttpReply) -> Option<String> {
    if reply.status != 401 || !is_problem(reply) {
        return None;
    }
    let problem: Result<Problem, _> = from_json(&reply.body);
    Some(problem.map(|problem| problem.code).unwrap_or_default())
}

fn is_proof_refused(reply: &HttpReply) -> bool {
    let code = refusal(reply);
    matches!(code.as_deref(), Some("use_dpop_nonce" | "invalid_dpop_proof"))
}
