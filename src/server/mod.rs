//! Beside the flow: the calls to the wallet server. Comes in: what to ask. Goes out: the domain's
//! wire types or a [`ServerProblem`]. The only room that knows HTTP.

mod address;
mod built_in;
mod deposits;
mod proof;
#[cfg(feature = "http")]
mod received;
mod reply;
mod reports;
mod requests;
mod session;
mod settlements;
#[cfg(test)]
mod tests;
mod tile_reply;
#[cfg(feature = "http")]
mod transport;
#[cfg(all(test, feature = "http"))]
mod transport_tests;
mod vouched;

use std::sync::Arc;

use domain::{
    Registered,
    wire::{
        Approval, BodyDigest, BoundSession, CredentialRequest, DepositRequest, EntryAnswer,
        EntryRequest, EvaluatedCredential, Events, Keys, LoginRequest, Methods, MovementPage,
        NETWORK_PATH, Network, ProvidedLogin, ProvidedSession, REPORT_KEY_PATH, RegisterRequest,
        ReportKeys, ReportRequest, Rotating, RotatingBuckets, SettlementRefund, SettlementRequest,
        TILES_PATH, TileId, TokenRequest,
    },
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{
    cache::{RegisterKey, Vouched},
    error::{Retry, ServerProblem, WalletError},
    phone::{Clock, HttpReply, HttpTransport, Token},
    transfers::{Answer, Payment, PaymentAnswer, Transfer},
};
pub(crate) use deposits::Unanswered;
pub(crate) use reply::{CallProblem, from_json};
pub(crate) use requests::{AskProblem, Request};
pub(crate) use session::Sessions;
pub(crate) use settlements::NotApproved;
pub(crate) use tile_reply::{TileListReply, TileReply};
#[cfg(feature = "http")]
pub use transport::BuiltInClient;
pub(crate) use vouched::VouchedProblem;
use {
    address::is_loopback,
    built_in::built_in,
    reply::{body_of, is_problem, member, read},
    requests::body,
    session::{Call, Connection, DONE_WITHIN_MS, LOOKED_UP_WITHIN_MS},
    vouched::vouched,
};

const EVENTS: &str = "/v1/events";
/// How long a call for events waits, seconds: less than any call may take.
pub(crate) const EVENT_WAIT_S: u64 = 6;

/// The wallet server as this phone sees it.
#[derive(Clone)]
pub(crate) struct WalletServer {
    connection: Arc<Connection>,
    /// Ends what the built-in client has under way; an app's transport is the app's.
    end: Arc<dyn Fn() + Send + Sync>,
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

impl WalletServer {
    /// A server at `base_url`, reached by the app's transport or else by the built-in client, through
    /// `proxy` where that is not empty. In clear text only on the phone itself: anybody between would
    /// read the token. `sessions` keeps the member's.
    pub fn new(
        base_url: &str,
        proxy: &str,
        transport: Option<Arc<dyn HttpTransport>>,
        clock: Arc<dyn Clock>,
        sessions: Arc<dyn Sessions>,
    ) -> Result<Self, ServerProblem> {
        let base_url = base_url.trim_end_matches('/').to_owned();
        match base_url.strip_prefix("http://") {
            Some(rest) if !is_loopback(rest) => return Err(ServerProblem::ClearText),
            None if !base_url.starts_with("https://") => return Err(ServerProblem::NotConfigured),
            _ => {}
        }
        let (transport, end) = match transport {
            Some(lent) => (lent, Arc::new(|| {}) as Arc<dyn Fn() + Send + Sync>),
            None => built_in(proxy)?,
        };
        let connection = Connection::new(base_url, transport, clock, sessions);
        Ok(Self { connection: Arc::new(connection), end })
    }

    /// Ends what is under way: nobody waits for it any more.
    pub fn give_up(&self) {
        (self.end)();
    }

    /// Opens a session for this phone's key.
    pub fn log_in(&self, question: &LoginRequest) -> Result<BoundSession, WalletError> {
        self.session(&Call::post("/v1/sessions/bound", question))
    }

    /// The same by a token of a company's own log-in.
    pub fn log_in_provided(
        &self,
        question: &ProvidedLogin,
    ) -> Result<ProvidedSession, WalletError> {
        self.session(&Call::post("/v1/sessions/provided", question))
    }

    fn session<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, WalletError> {
        let reply = self.connection.proven(call, None).map_err(ServerProblem::error)?;
        match reply.status {
            400 | 401 | 403 | 404 | 422 if is_problem(&reply) => {
                Err(WalletError::login_refused(Retry::Never))
            }
            429 if is_problem(&reply) => {
                Err(WalletError::login_refused(Retry::After { ms: 1_000 }))
            }
            _ => read(&reply).map_err(ServerProblem::error),
        }
    }

    /// Ends the session that a refresh token would continue; one that the server does not know any
    /// more has ended.
    pub fn log_out(&self, refresh: &str) -> Result<(), ServerProblem> {
        let Some(session) = self.connection.refreshed(refresh)? else { return Ok(()) };
        let call = Call {
            method: "DELETE",
            path: "/v1/sessions",
            field: None,
            body: Vec::new(),
            answer_within_ms: DONE_WITHIN_MS,
        };
        let reply = self.connection.proven(&call, Some(&session.token))?;
        match reply.status {
            200..=299 => Ok(()),
            400..=404 if is_problem(&reply) => Ok(()),
            500..=599 | 429 => Err(ServerProblem::Failing),
            _ => Err(ServerProblem::Garbled),
        }
    }

    /// The member's methods with live balances.
    pub fn methods(&self, token: &Token) -> Result<Methods, CallProblem> {
        let reply = self.send("GET", "/v1/methods", Some(token), None, Vec::new())?;
        member(&reply)
    }

    /// Registers the account or card of a link code as a payment method.
    pub fn register(&self, token: &Token, asked: &RegisterRequest) -> Result<(), RegisterProblem> {
        let reply = self
            .send("POST", "/v1/methods", Some(token), None, body(asked))
            .map_err(CallProblem::Away)?;
        match reply.status {
            409 | 422 if is_problem(&reply) => Err(RegisterProblem::Code(Retry::Never)),
            429 if is_problem(&reply) => Err(RegisterProblem::Code(Retry::After { ms: 1_000 })),
            _ => Ok(member::<Registered>(&reply).map(drop)?),
        }
    }

    /// Sends a deposit under the id it was written down with.
    pub fn deposit(&self, token: &Token, transfer: &Transfer) -> Result<Answer, Unanswered> {
        let asked = DepositRequest { from: Some(transfer.from.clone()), amount: transfer.amount };
        let key = ("Idempotency-Key", transfer.id.to_string());
        let sent = self.send("POST", "/v1/deposits", Some(token), Some(key), body(&asked));
        deposits::sent(&sent.map_err(CallProblem::Away)?)
    }

    /// Asks what became of a deposit.
    pub fn deposit_of(&self, token: &Token, id: Uuid) -> Result<Answer, Unanswered> {
        let path = format!("/v1/deposits/{id}");
        let asked = self.send("GET", &path, Some(token), None, Vec::new());
        deposits::asked(&asked.map_err(CallProblem::Away)?)
    }

    /// Begins a payment under the id it was written down with.
    pub fn begin_payment(
        &self,
        token: &Token,
        payment: &Payment,
    ) -> Result<PaymentAnswer, Unanswered> {
        let Payment { id, code, method, amount, .. } = payment;
        let Some(code) = code.clone() else { return self.payment_token(token, payment) };
        let asked = SettlementRequest { code, method: method.clone(), amount: *amount };
        let key = ("Idempotency-Key", id.to_string());
        let sent = self.send("POST", "/v1/settlements", Some(token), Some(key), body(&asked));
        settlements::begun(&sent.map_err(CallProblem::Away)?)
    }

    /// Asks for a code to be shown to a till, or for what came of it once a till has charged it.
    fn payment_token(&self, token: &Token, payment: &Payment) -> Result<PaymentAnswer, Unanswered> {
        let Payment { method, channel, .. } = payment;
        let asked = TokenRequest { method: method.clone(), channel: *channel };
        let key = ("Idempotency-Key", payment.id.to_string());
        let sent = self.send("POST", "/v1/tokens", Some(token), Some(key), body(&asked));
        match settlements::shown(&sent.map_err(CallProblem::Away)?)? {
            Some(answer) => Ok(answer),
            None => self.payment_of(token, payment.id),
        }
    }

    /// What happened after the event of that id, waiting for it for `wait` seconds; without an id at
    /// once, and what to ask after.
    pub fn events(
        &self,
        token: &Token,
        after: Option<i64>,
        wait: u64,
    ) -> Result<Events, CallProblem> {
        let path = match after {
            Some(after) => format!("{EVENTS}?after={after}&wait={wait}"),
            None => EVENTS.to_owned(),
        };
        member(&self.send("GET", &path, Some(token), None, Vec::new())?)
    }

    /// A refund that was made, and the settlement whose money came back.
    pub fn refund(&self, token: &Token, id: Uuid) -> Result<SettlementRefund, CallProblem> {
        let path = format!("/v1/refunds/{id}");
        member(&self.send("GET", &path, Some(token), None, Vec::new())?)
    }

    /// Sends what the member agrees to.
    pub fn approve_payment(
        &self,
        token: &Token,
        id: Uuid,
        approval: &Approval,
    ) -> Result<PaymentAnswer, NotApproved> {
        let path = format!("/v1/settlements/{id}/approve");
        let sent = self.send("POST", &path, Some(token), None, body(approval));
        settlements::approved(&sent.map_err(|problem| NotApproved::Unanswered(problem.into()))?)
    }

    /// Asks what became of a payment.
    pub fn payment_of(&self, token: &Token, id: Uuid) -> Result<PaymentAnswer, Unanswered> {
        let path = format!("/v1/settlements/{id}");
        let asked = self.send("GET", &path, Some(token), None, Vec::new());
        settlements::asked(&asked.map_err(CallProblem::Away)?)
    }

    /// Says that the member does not want to pay.
    pub fn give_up_payment(
        &self,
        token: &Token,
        payment: &Payment,
    ) -> Result<PaymentAnswer, Unanswered> {
        let id = payment.id;
        if payment.code.is_none() {
            // First: after it no till begins what is given up next.
            let path = format!("/v1/tokens/{id}");
            let ended = self.send("DELETE", &path, Some(token), None, Vec::new());
            settlements::ended(&ended.map_err(CallProblem::Away)?)?;
        }
        let path = format!("/v1/settlements/{id}");
        let asked = self.send("DELETE", &path, Some(token), None, Vec::new());
        settlements::given_up(&asked.map_err(CallProblem::Away)?)
    }

    /// A page of the member's history: the first, or the one after a cursor.
    pub fn history(&self, token: &Token, after: Option<&str>) -> Result<MovementPage, CallProblem> {
        let path = match after {
            Some(cursor) => format!("/v1/history?after={}", deposits::escaped(cursor)),
            None => "/v1/history".to_owned(),
        };
        member(&self.send("GET", &path, Some(token), None, Vec::new())?)
    }

    /// Asks something of the account or of the methods, as the member whose token this is: the
    /// answer's body, empty where there is none.
    pub fn ask(&self, token: Option<&Token>, request: &Request) -> Result<Vec<u8>, AskProblem> {
        let Request { method, path, body, .. } = request;
        let reply = self.send(method, path, token, None, body.clone());
        request.answer(reply.map_err(|problem| AskProblem::Call(problem.into()))?)
    }

    /// The server's judgement on what was sensed.
    pub fn entry(
        &self,
        token: &Token,
        question: &EntryRequest,
    ) -> Result<EntryAnswer, CallProblem> {
        let reply = self.send("POST", "/v1/entries", Some(token), None, body(question))?;
        member(&reply)
    }

    /// Asks which tiles there are, unless they are still those that the phone holds: a tag and the body
    /// under it.
    pub fn tile_list(
        &self,
        held: Option<(String, BodyDigest)>,
    ) -> Result<TileListReply, ServerProblem> {
        let (etag, held) = held.unzip();
        let condition = etag.map(|etag| ("If-None-Match", etag));
        let reply = self.send("GET", TILES_PATH, None, condition, Vec::new())?;
        Ok(TileListReply { held, path: TILES_PATH, reply })
    }

    /// Asks for the stores of one tile, or for what of them has changed since a revision.
    pub fn tile(&self, tile: TileId, since: Option<i64>) -> Result<TileReply, ServerProblem> {
        let path = since.map_or_else(|| tile.to_string(), |since| format!("{tile}?since={since}"));
        let reply = self.send("GET", &path, None, None, Vec::new())?;
        Ok(TileReply { path, since, reply })
    }

    /// The keys of the weeks' credentials, as anyone is told them, believed only under the `root` key.
    pub fn report_keys(&self, root: [u8; 32]) -> Result<(ReportKeys, Vouched), VouchedProblem> {
        self.under_root(REPORT_KEY_PATH, root)
    }

    /// Asks for the week's credential; `None` where the member was given another one.
    pub fn credential(
        &self,
        token: &Token,
        asked: &CredentialRequest,
    ) -> Result<Option<EvaluatedCredential>, CallProblem> {
        let path = "/v1/report-credentials";
        reports::issued(&self.send("POST", path, Some(token), None, body(asked))?)
    }

    /// Sends a report, as nobody in particular.
    pub fn report(&self, asked: &ReportRequest) -> Result<(), ServerProblem> {
        reports::dealt_with(&self.send("POST", "/v1/reports", None, None, body(asked))?)
    }

    /// The register's keys, believed only under the `root` key.
    pub fn keys(&self, root: [u8; 32]) -> Result<(Keys, Vouched), VouchedProblem> {
        self.under_root("/v1/keys", root)
    }

    /// What the network's stores have in common, believed only under the `root` key.
    pub fn network(&self, root: [u8; 32]) -> Result<(Network, Vouched), VouchedProblem> {
        self.under_root(NETWORK_PATH, root)
    }

    fn under_root<T: DeserializeOwned>(
        &self,
        path: &str,
        root: [u8; 32],
    ) -> Result<(T, Vouched), VouchedProblem> {
        let reply = self.send("GET", path, None, None, Vec::new())?;
        let body = body_of(&reply)?;
        let root = RegisterKey { ed25519: root, revoked: false };
        let vouched = vouched(&reply, path, BodyDigest::of(body), &[root])?;
        Ok((from_json(body)?, vouched))
    }

    /// By how many bits the ids of rotating beacons may be asked about.
    pub fn rotating_buckets(&self) -> Result<RotatingBuckets, CallProblem> {
        member(&self.send("GET", "/v1/rotating", None, None, Vec::new())?)
    }

    /// The ids that the rotating beacons of one bucket send in the next hour: asked as nobody.
    pub fn rotating(&self, bits: u8, bucket: u64) -> Result<Rotating, CallProblem> {
        let path = format!("/v1/rotating/{bits}/{bucket}");
        member(&self.send("GET", &path, None, None, Vec::new())?)
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        token: Option<&Token>,
        field: Option<(&str, String)>,
        body: Vec<u8>,
    ) -> Result<HttpReply, ServerProblem> {
        let waits = method != "GET" || path.starts_with(EVENTS);
        let answer_within_ms = if waits { DONE_WITHIN_MS } else { LOOKED_UP_WITHIN_MS };
        let call = Call { method, path, field, body, answer_within_ms };
        match token {
            Some(token) => self.connection.as_member(&call, token),
            None => self.connection.open(&call),
        }
    }
}
