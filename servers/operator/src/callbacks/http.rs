//! Callbacks over HTTP: the key they are signed with, and the sender.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use axum::{Json, Router, extract::State, routing::get};
use domain::wire::CallbackKey;
use server_kit::{Clock, Database, DatabaseError, is_loopback, random_bytes};
use tokio::sync::Notify;

use super::{
    rows::{self, Due},
    signing::Signing,
};

/// How long the wallet company may take to take one.
const CALL: Duration = Duration::from_secs(5);
/// How often it is looked whether one is due.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The first wait after a try; each next one is twice as long.
const FIRST_WAIT_MS: i64 = 1_000;
/// The longest wait, an hour: sent again for as long as it takes.
const LONGEST_WAIT_MS: i64 = 3_600_000;

/// Tells the sender that there is something to send. Cheap to clone.
#[derive(Clone, Default)]
pub struct Outbox(Arc<Notify>);

impl Outbox {
    /// There may be something to send.
    pub fn look(&self) {
        self.0.notify_one();
    }

    /// Sends what is due to `url` until the database is closed.
    ///
    /// # Errors
    /// When `url` is no HTTPS address and none of this machine.
    pub fn send_to(
        &self,
        url: &str,
        database: Database,
        clock: Clock,
        signing: Arc<Signing>,
    ) -> anyhow::Result<()> {
        let url = reqwest::Url::parse(url).context("the callback address is no URL")?;
        let is_here = url.scheme() == "http" && is_loopback(url.host_str().unwrap_or_default());
        ensure!(
            url.scheme() == "https" || is_here,
            "the callback address is not HTTPS and not on this machine"
        );
        // Fails when a provider is installed already, which is then used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .timeout(CALL)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let sender = Sender { http, url, database, clock, signing };
        let woken = Arc::clone(&self.0);
        tokio::spawn(async move {
            while sender.send_due().await {
                let _ = tokio::time::timeout(LOOK_EVERY, woken.notified()).await;
            }
        });
        Ok(())
    }
}

/// `GET /v1/callback-key`.
pub fn routes<S: Clone + Send + Sync + 'static>(signing: Arc<Signing>) -> Router<S> {
    Router::new().route("/v1/callback-key", get(key)).with_state(signing)
}

async fn key(State(signing): State<Arc<Signing>>) -> Json<CallbackKey> {
    Json(CallbackKey { ed25519: signing.public() })
}

struct Sender {
    http: reqwest::Client,
    url: reqwest::Url,
    database: Database,
    clock: Clock,
    signing: Arc<Signing>,
}

impl Sender {
    /// Sends what is due; `false` once the database is closed.
    async fn send_due(&self) -> bool {
        let sent = async {
            for callback in rows::due(&self.database, self.clock.now()).await? {
                self.send(callback).await?;
            }
            Ok::<_, DatabaseError>(())
        };
        match sent.await {
            Err(DatabaseError::PoolClosed) => false,
            Err(_) => {
                tracing::warn!("callbacks could not be read or kept");
                true
            }
            Ok(()) => true,
        }
    }

    async fn send(&self, callback: Due) -> Result<(), DatabaseError> {
        let now = self.clock.now();
        let sent_at = now.unix_seconds().to_string();
        let signed = if callback.spoiled == 0 { callback.body.as_bytes() } else { b"spoiled" };
        let signature = self.signing.sign(&callback.id, &sent_at, signed);
        let call = self
            .http
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("webhook-id", &callback.id)
            .header("webhook-timestamp", sent_at)
            .header("webhook-signature", signature)
            .body(callback.body);
        if call.send().await.is_ok_and(|answer| answer.status().is_success()) {
            return rows::delivered(&self.database, &callback.id, self.clock.now()).await;
        }
        tracing::warn!(tries = callback.tries + 1, "a callback was not taken");
        rows::postpone(&self.database, &callback.id, now.0.saturating_add(wait_ms(callback.tries)))
            .await
    }
}

/// How long after the try number `tries` (from 0) the next one is: half of it certain, half chance, so
/// that many do not come at once.
fn wait_ms(tries: i64) -> i64 {
    let doublings = u32::try_from(tries.clamp(0, 20)).unwrap_or(0);
    let most = FIRST_WAIT_MS.saturating_mul(1 << doublings).min(LONGEST_WAIT_MS);
    let chance = random_bytes::<2>().map_or(0, |bytes| i64::from(u16::from_le_bytes(bytes)));
    most / 2 + most / 2 * chance / i64::from(u16::MAX)
}
