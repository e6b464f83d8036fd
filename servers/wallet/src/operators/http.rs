//! Balances as the settlement operator server tells them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use domain::{
    Balance, Registered, Timestamp,
    wire::{Account, Card, LinkRequest, Linked},
};
use futures_util::{StreamExt, stream};
use reqwest::{Method, RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;

use super::{breaker::Breaker, recent::Recent};
use crate::methods::{Backing, HeldMethod};

/// How long a whole call may take; a member waits at the till.
const CALL: Duration = Duration::from_secs(3);
const CONNECT: Duration = Duration::from_secs(1);
/// Calls at once for one member.
const AT_ONCE: usize = 8;
/// Largest answer taken, bytes; an account or a card has a few hundred.
const MAX_ANSWER: usize = 64 * 1024;

/// The client of the settlement operator server.
#[derive(Clone)]
pub struct Operator {
    http: reqwest::Client,
    url: String,
    api_key: SecretString,
    accounts: Arc<Recent<Account>>,
    cards: Arc<Recent<Card>>,
    breaker: Arc<Breaker>,
}

/// What the operator said of an account or a card.
pub enum Answer<T> {
    Known(T),
    /// It knows no such account or card (any more), or the code of it is another holder's.
    Gone,
    /// It was not reached, or what it said made no sense.
    Down,
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
            parsed.scheme() == "https" || is_loopback(&parsed),
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
        })
    }

    /// `held` with balances of the last seconds, in the same order; where the operator is away, or has
    /// not answered when the time for all of them is over, with `last` known balance and its age.
    pub async fn balances(
        &self,
        held: Vec<(HeldMethod, Option<Balance>)>,
        now: Timestamp,
    ) -> Vec<Registered> {
        let until = Instant::now() + CALL;
        stream::iter(held)
            .map(|(held, last)| self.balance(held, last, now, until))
            .buffered(AT_ONCE)
            .collect()
            .await
    }

    async fn balance(
        &self,
        held: HeldMethod,
        last: Option<Balance>,
        now: Timestamp,
        until: Instant,
    ) -> Registered {
        let HeldMethod { method, backing, times_used } = held;
        let mut registered = Registered { method, balance: last, operator_down: false, times_used };
        match backing {
            Backing::Wallet { balance } => {
                registered.balance = Some(Balance { left: balance, as_of: now });
            }
            Backing::Account { id } => {
                match self.ask(&self.accounts, "accounts", &id, now, until).await {
                    Answer::Known((account, as_of)) => {
                        registered.balance = Some(Balance { left: account.balance, as_of });
                        registered.method.blocked |= account.blocked;
                    }
                    Answer::Gone => registered.method.blocked = true,
                    Answer::Down => registered.operator_down = true,
                }
            }
            Backing::Card { id } => match self.ask(&self.cards, "cards", &id, now, until).await {
                Answer::Known((card, as_of)) => {
                    registered.method.blocked |= card.blocked;
                    registered.method.expires_at = Some(card.expires_at);
                    match card.limit.checked_sub(card.used) {
                        Ok(left) => registered.balance = Some(Balance { left, as_of }),
                        Err(_) => registered.operator_down = true,
                    }
                }
                Answer::Gone => registered.method.blocked = true,
                Answer::Down => registered.operator_down = true,
            },
        }
        registered
    }

    /// The account or card of a link code, bound to `holder` by asking.
    pub async fn link(&self, code: String, holder: String) -> Answer<Linked> {
        let asked = LinkRequest { code, holder };
        self.answer("links", self.call(Method::POST, &["links"]).map(|call| call.json(&asked)))
            .await
    }

    /// What the operator says of `id`, or said in the last seconds, and when.
    async fn ask<T: DeserializeOwned + Clone>(
        &self,
        recent: &Recent<T>,
        what: &str,
        id: &str,
        now: Timestamp,
        until: Instant,
    ) -> Answer<(T, Timestamp)> {
        if let Some(known) = recent.get(id, now) {
            return Answer::Known(known);
        }
        let asked = self.answer::<T>(what, self.call(Method::GET, &[what, id]));
        let Ok(answer) = tokio::time::timeout_at(until.into(), asked).await else {
            self.breaker.note(false, Instant::now());
            return Answer::Down;
        };
        match answer {
            Answer::Known(said) => {
                recent.put(id, said.clone(), now);
                Answer::Known((said, now))
            }
            Answer::Gone => Answer::Gone,
            Answer::Down => Answer::Down,
        }
    }

    async fn answer<T: DeserializeOwned>(
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

    fn call(&self, method: Method, segments: &[&str]) -> Result<RequestBuilder, String> {
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

fn is_loopback(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|host: std::net::IpAddr| host.is_loopback())
}

async fn fetch<T: DeserializeOwned>(call: RequestBuilder) -> Result<Answer<T>, String> {
    let mut response = call.send().await.map_err(|error| kind(&error))?;
    match response.status() {
        StatusCode::OK => {}
        StatusCode::NOT_FOUND | StatusCode::CONFLICT => return Ok(Answer::Gone),
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
