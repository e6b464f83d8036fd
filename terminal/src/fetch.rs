//! What the terminal asks the wallet server.

use std::time::Duration;

use anyhow::Context;
use domain::wire::{
    BeaconKey, Charge, ChargeRequest, Closing, PaymentSign, Problem, Refund, RefundRequest,
};
use serde::{Serialize, de::DeserializeOwned};
use ureq::{Body, http::Response};
use uuid::Uuid;

use crate::{ShownSign, address::is_encrypted, refusal::Refusal};

/// A sign is under two kilobytes; what is larger is not one.
const MOST_BYTES: u64 = 1 << 20;

/// Fetches the sign of `store` (its UUID) from the wallet server at `server_url`.
///
/// # Errors
/// When the server cannot be reached, does not know the store, or answers something else; the
/// message says which and what to do.
pub fn fetch(server_url: &str, store: &str) -> anyhow::Result<ShownSign> {
    let store: Uuid = store.parse().context("the store is named by its UUID")?;
    let url = url(server_url, store, "sign");
    ShownSign::new(read(agent(is_encrypted(server_url)?).get(url).call(), server_url)?)
}

/// A store terminal with the key that its wallet server gave it.
pub struct Keyed {
    agent: ureq::Agent,
    server_url: String,
    store: Uuid,
    key: String,
}

impl Keyed {
    /// The terminal of `store` (its UUID), with the key that `wallet-server terminal-key` printed.
    ///
    /// # Errors
    /// When `store` is no UUID, or `server_url` would carry the key in clear text over a network.
    pub fn new(server_url: &str, store: &str, key: &str) -> anyhow::Result<Self> {
        let store = store.parse().context("the store is named by its UUID")?;
        let agent = agent(is_encrypted(server_url)?);
        Ok(Self { agent, server_url: server_url.to_owned(), store, key: key.to_owned() })
    }

    /// Asks to be paid `amount` under `id`; the same again is the same charge.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses; the message says what to do.
    pub fn charge(&self, id: Uuid, asked: &ChargeRequest) -> anyhow::Result<Charge> {
        self.send(&self.url("charges"), Some(id), asked)
    }

    /// A new code for a charge that is open, good for about a minute.
    ///
    /// # Errors
    /// As [`Keyed::charge`], and when the charge is not open any more.
    pub fn code(&self, charge: Uuid) -> anyhow::Result<PaymentSign> {
        self.send(&self.url(&format!("charges/{charge}/codes")), None, &())
    }

    /// What has become of a charge.
    ///
    /// # Errors
    /// As [`Keyed::charge`].
    pub fn charge_of(&self, id: Uuid) -> anyhow::Result<Charge> {
        let url = self.url(&format!("charges/{id}"));
        read(self.agent.get(url).header("authorization", self.bearer()).call(), &self.server_url)
    }

    /// Takes a charge back that nobody has begun to pay.
    ///
    /// # Errors
    /// As [`Keyed::charge`], and when somebody pays it or has.
    pub fn end(&self, id: Uuid) -> anyhow::Result<Charge> {
        let url = self.url(&format!("charges/{id}"));
        read(self.agent.delete(url).header("authorization", self.bearer()).call(), &self.server_url)
    }

    /// Gives back a part of what a settlement paid, under `id`; the same again is the same refund.
    ///
    /// # Errors
    /// As [`Keyed::charge`].
    pub fn refund(
        &self,
        settlement: Uuid,
        id: Uuid,
        asked: &RefundRequest,
    ) -> anyhow::Result<Refund> {
        let server = self.server_url.trim_end_matches('/');
        self.send(&format!("{server}/v1/settlements/{settlement}/refunds"), Some(id), asked)
    }

    /// Closes what the store was paid and gave back since its last closing, under `id`; the same
    /// again is the same closing.
    ///
    /// # Errors
    /// As [`Keyed::charge`].
    pub fn close(&self, id: Uuid) -> anyhow::Result<Closing> {
        self.send(&self.url("closings"), Some(id), &())
    }

    /// The key of the store's rotating beacon.
    ///
    /// # Errors
    /// As [`Keyed::charge`].
    pub fn beacon_key(&self) -> anyhow::Result<BeaconKey> {
        let url = self.url("beacon");
        read(self.agent.get(url).header("authorization", self.bearer()).call(), &self.server_url)
    }

    fn url(&self, what: &str) -> String {
        url(&self.server_url, self.store, what)
    }

    fn send<T: DeserializeOwned>(
        &self,
        url: &str,
        id: Option<Uuid>,
        asked: &impl Serialize,
    ) -> anyhow::Result<T> {
        let call = self.agent.post(url).header("authorization", self.bearer());
        let call = match id {
            Some(id) => call.header("idempotency-key", id.to_string()),
            None => call,
        };
        let body = serde_json::to_vec(asked)?;
        read(call.content_type("application/json").send(body), &self.server_url)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.key)
    }
}

/// A new id for a charge, a refund or a closing: a random UUID (version 4).
///
/// # Errors
/// When the system gives no random numbers.
pub fn new_id() -> anyhow::Result<Uuid> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("the system gives no random numbers")?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// `encrypted`: no redirection leads back to clear text.
fn agent(encrypted: bool) -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .https_only(encrypted)
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(10)))
        .build();
    ureq::Agent::new_with_config(config)
}

fn url(server_url: &str, store: Uuid, what: &str) -> String {
    format!("{}/v1/stores/{store}/{what}", server_url.trim_end_matches('/'))
}

fn read<T: DeserializeOwned>(
    reply: Result<Response<Body>, ureq::Error>,
    server_url: &str,
) -> anyhow::Result<T> {
    let mut reply = reply.with_context(|| {
        format!("cannot reach the wallet server at {server_url}; is it running?")
    })?;
    let status = reply.status();
    let body = reply.body_mut().with_config().limit(MOST_BYTES).read_to_vec()?;
    if !status.is_success() {
        let problem: Option<Problem> = serde_json::from_slice(&body).ok();
        return Err(problem.map_or_else(
            || anyhow::anyhow!("the wallet server answered {status}"),
            |problem| Refusal(problem).into(),
        ));
    }
    serde_json::from_slice(&body).context("the answer is of another kind; check the address")
}
