use std::time::Duration;

use anyhow::{Context, bail};
use domain::wire::{Problem, Sign};

use crate::ShownSign;

/// A sign is under two kilobytes; what is larger is not one.
const MOST_BYTES: u64 = 1 << 20;

/// Fetches the sign of `store` (its UUID) from the wallet server at `server_url`.
///
/// # Errors
/// When the server cannot be reached, does not know the store, or answers something else; the
/// message says which and what to do.
pub fn fetch(server_url: &str, store: &str) -> anyhow::Result<ShownSign> {
    let store: uuid::Uuid = store.parse().context("the store is named by its UUID")?;
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(10)))
        .build();
    let url = format!("{}/v1/stores/{store}/sign", server_url.trim_end_matches('/'));
    let mut reply = ureq::Agent::new_with_config(config).get(&url).call().with_context(|| {
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
    let sign: Sign =
        serde_json::from_slice(&body).context("the answer is not a sign; check the address")?;
    ShownSign::new(sign)
}
