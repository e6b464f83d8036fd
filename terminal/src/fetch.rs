//! What the terminal asks the wallet server.

use std::time::Duration;

use anyhow::{Context, bail};
use domain::{
    Money,
    wire::{BeaconKey, PaymentAsk, PaymentSign, Problem},
};
use serde::de::DeserializeOwned;
use ureq::{Body, http::Response};
use uuid::Uuid;

use crate::{ShownSign, address::is_encrypted};

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

    /// A code for one payment of `amount`, good for about a minute.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses; the message says what to do.
    pub fn payment(&self, amount: Money) -> anyhow::Result<PaymentSign> {
        let url = url(&self.server_url, self.store, "payments");
        let asked = serde_json::to_vec(&PaymentAsk { amount })?;
        let call = self
            .agent
            .post(url)
            .header("authorization", self.bearer())
            .content_type("application/json")
            .send(asked);
        read(call, &self.server_url)
    }

    /// The key of the store's rotating beacon.
    ///
    /// # Errors
    /// As [`Keyed::payment`].
    pub fn beacon_key(&self) -> anyhow::Result<BeaconKey> {
        let url = url(&self.server_url, self.store, "beacon");
        read(self.agent.get(url).header("authorization", self.bearer()).call(), &self.server_url)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.key)
    }
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
        match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) => bail!("the wallet server says: {} ({})", problem.detail, problem.code),
            Err(_) => bail!("the wallet server answered {status}"),
        }
    }
    serde_json::from_slice(&body).context("the answer is of another kind; check the address")
}
