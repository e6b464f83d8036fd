//! One settlement operator server: what it tells of accounts and cards, and the way to it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use domain::{
    Balance, Money, Timestamp,
    wire::{Account, CallbackKey, Card, GRANT_HEADER, Grant, LinkRequest, Linked},
};
use reqwest::{Method, RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use server_kit::is_loopback;
use tokio::sync::Semaphore;

use super::{
    breaker::Breaker,
    recent::Recent,
    until::{Asked, ask_until},
};
use crate::methods::Backing;

/// How long one call may take, and all balances of a member together; a member waits at the till.
pub(super) const CALL: Duration = Duration::from_secs(3);
const CONNECT: Duration = Duration::from_secs(1);
/// Calls at once for one member, to one operator.
const AT_ONCE: usize = 8;
/// Instructions at once, to one operator.
const INSTRUCTIONS_AT_ONCE: usize = 32;
/// Largest answer taken, bytes; an account or a card has a few hundred.
const MAX_ANSWER: usize = 64 * 1024;

/// The client of one settlement operator server.
#[derive(Clone)]
pub struct Operator {
    http: reqwest::Client,
    url: String,
    api_key: SecretString,
    accounts: Arc<Recent<Account>>,
    cards: Arc<Recent<Card>>,
    breaker: Arc<Breaker>,
    /// Of instructions, which nobody's screen waits for.
    pub(super) turns: Arc<Semaphore>,
    /// What callbacks are checked with: anyone may send one, and none makes more than one call.
    pub(super) callback_keys: Arc<Recent<CallbackKey>>,
}

/// What the operator said of an account or a card.
pub enum Answer<T> {
    Known(T),
    /// It has no such account or card (any more), does not open it to this member, or the code of
    /// it is another holder's.
    Gone,
    /// It was not reached, or what it said made no sense.
    Down,
}

impl<T> Answer<T> {
    fn then<U>(self, next: impl FnOnce(T) -> Answer<U>) -> Answer<U> {
        match self {
            Self::Known(known) => next(known),
            Self::Gone => Answer::Gone,
            Self::Down => Answer::Down,
        }
    }
}

/// What the operator said of the money behind a method.
pub(super) struct Said {
    pub balance: Balance,
    pub blocked: bool,
    pub expires_at: Option<Timestamp>,
}

impl Said {
    /// What is said of the wallet's own money, which no operator is asked of.
    pub fn of_wallet(left: Money, now: Timestamp) -> Self {
        Self { balance: Balance { left, as_of: now }, blocked: false, expires_at: None }
    }
}

impl Operator {
    /// A client for the server at `url`.
    ///
    /// # Errors
    /// When `url` is no HTTP address, or one in clear off this machine, or the key is empty.
    pub fn new(url: &str, api_key: SecretString) -> anyhow::Result<Self> {
        let parsed = reqwest::Url::parse(url).context("the operator's address is no URL")?;
        ensure!(
            matches!(parsed.scheme(), "http" | "https"),
            "the operator's address is neither http nor https"
        );
        ensure!(
            parsed.scheme() == "https" || is_loopback(parsed.host_str().unwrap_or_default()),
            "the operator's address is in clear and not on this machine: use https"
        );
        ensure!(!api_key.expose_secret().trim().is_empty(), "the operator's key is empty");
        // Fails when a provider is installed already, which is then used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .timeout(CALL)
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            http,
            url: url.trim_end_matches('/').to_owned(),
            api_key,
            accounts: Arc::default(),
            cards: Arc::default(),
            breaker: Arc::default(),
            turns: Arc::new(Semaphore::new(INSTRUCTIONS_AT_ONCE)),
            callback_keys: Arc::default(),
        })
    }

    /// What is left of the money behind each of `backings`, by answers of the last seconds, in the
    /// same order.
    pub(super) async fn said(
        &self,
        backings: Vec<Backing>,
        now: Timestamp,
        until: Instant,
    ) -> Vec<Asked<Answer<Said>>> {
        let questions = backings.into_iter().map(|backing| self.said_of(backing, now)).collect();
        let asked = ask_until(questions, AT_ONCE, until.into()).await;
        let late = asked.iter().filter(|asked| matches!(asked, Asked::Late));
        late.for_each(|_| self.breaker.note(false, Instant::now()));
        asked
    }

    /// What is left of the money behind a method.
    async fn said_of(&self, backing: Backing, now: Timestamp) -> Answer<Said> {
        match backing {
            Backing::Wallet { balance } => Answer::Known(Said::of_wallet(balance, now)),
            Backing::Account { id, grant, .. } => {
                let answer = self.ask(&self.accounts, "accounts", &id, &grant, now).await;
                answer.then(|(account, as_of)| {
                    let balance = Balance { left: account.balance, as_of };
                    Answer::Known(Said { balance, blocked: account.blocked, expires_at: None })
                })
            }
            Backing::Card { id, grant, .. } => {
                let answer = self.ask(&self.cards, "cards", &id, &grant, now).await;
                answer.then(|(card, as_of)| match card.limit.checked_sub(card.used) {
                    Ok(left) => Answer::Known(Said {
                        balance: Balance { left, as_of },
                        blocked: card.blocked,
                        expires_at: Some(card.expires_at),
                    }),
                    Err(_) => Answer::Down,
                })
            }
        }
    }

    /// The account or card of a link code, bound to `holder` by asking.
    pub async fn link(&self, code: String, holder: String) -> Answer<Linked> {
        let asked = LinkRequest { code, holder };
        self.answer("links", self.call(Method::POST, &["links"]).map(|call| call.json(&asked)))
            .await
    }

    /// From now on `grant` opens nothing; known when it is so.
    pub async fn unlink(&self, grant: &Grant) -> Answer<()> {
        if grant.expose().is_empty() {
            return Answer::Gone;
        }
        let call = self.call(Method::DELETE, &["links"]).map(|call| with_grant(call, grant));
        self.answer("links", call).await
    }

    /// What the operator says of `id`, or said in the last seconds, and when.
    async fn ask<T: DeserializeOwned + Clone>(
        &self,
        recent: &Recent<T>,
        what: &str,
        id: &str,
        grant: &Grant,
        now: Timestamp,
    ) -> Answer<(T, Timestamp)> {
        if let Some(known) = recent.get(id, grant, now) {
            return Answer::Known(known);
        }
        let call = self.call(Method::GET, &[what, id]).map(|call| with_grant(call, grant));
        self.answer::<T>(what, call).await.then(|said| {
            recent.put(id, grant, said.clone(), now);
            Answer::Known((said, now))
        })
    }

    /// What the operator answers to `call`, unless it is left alone for a while.
    pub(super) async fn answer<T: DeserializeOwned>(
        &self,
        what: &str,
        call: Result<RequestBuilder, String>,
    ) -> Answer<T> {
        if !self.breaker.lets_through(Instant::now()) {
            return Answer::Down;
        }
        let fetched = match call {
            Ok(call) => fetch(call).await,
            Err(problem) => Err(problem),
        };
        self.breaker.note(fetched.is_ok(), Instant::now());
        match fetched {
            Ok(answer) => answer,
            Err(kind) => {
                tracing::warn!(what, kind, "the operator server did not answer");
                Answer::Down
            }
        }
    }

    /// A call to `segments` of the operator's address.
    pub(super) fn call(&self, method: Method, segments: &[&str]) -> Result<RequestBuilder, String> {
        let mut url = reqwest::Url::parse(&self.url).map_err(|_| "bad address")?;
        // One segment: an id with a slash must not become another call.
        url.path_segments_mut()
            .map_err(|()| "bad address")?
            .pop_if_empty()
            .push("v1")
            .extend(segments);
        Ok(self.http.request(method, url).bearer_auth(self.api_key.expose_secret()))
    }
}

/// `call` with the grant that opens what it is about.
pub(super) fn with_grant(call: RequestBuilder, grant: &Grant) -> RequestBuilder {
    let mut value = reqwest::header::HeaderValue::from_str(grant.expose())
        .unwrap_or_else(|_| reqwest::header::HeaderValue::from_static(""));
    // Kept out of whatever prints headers.
    value.set_sensitive(true);
    call.header(GRANT_HEADER, value)
}

async fn fetch<T: DeserializeOwned>(call: RequestBuilder) -> Result<Answer<T>, String> {
    let mut response = call.send().await.map_err(|error| kind(&error))?;
    match response.status() {
        StatusCode::OK => {}
        // Nothing to be read: what JSON calls `null`.
        StatusCode::NO_CONTENT => {
            return serde_json::from_slice(b"null")
                .map(Answer::Known)
                .map_err(|_| "empty".to_owned());
        }
        StatusCode::NOT_FOUND | StatusCode::CONFLICT | StatusCode::FORBIDDEN => {
            return Ok(Answer::Gone);
        }
        status => return Err(status.as_u16().to_string()),
    }
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|error| kind(&error))? {
        if body.len() + part.len() > MAX_ANSWER {
            return Err("too large".to_owned());
        }
        body.extend_from_slice(&part);
    }
    serde_json::from_slice(&body).map(Answer::Known).map_err(|_| "unreadable".to_owned())
}

/// The kind alone: the text of the error quotes the address, which holds the account's id.
fn kind(error: &reqwest::Error) -> String {
    let kind = if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "no connection"
    } else {
        "broken answer"
    };
    kind.to_owned()
}
