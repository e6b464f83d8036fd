//! The client that is built in, for an app that lends no transport of its own.

use std::sync::Arc;

#[cfg(feature = "http")]
use super::transport::BuiltInClient;
use crate::{error::ServerProblem, phone::HttpTransport};

/// A transport, and what ends it.
pub(super) type Ending = (Arc<dyn HttpTransport>, Arc<dyn Fn() + Send + Sync>);

#[cfg(feature = "http")]
pub(super) fn built_in(proxy: &str) -> Result<Ending, ServerProblem> {
    let client = BuiltInClient::default();
    let client = match proxy {
        "" => client,
        proxy => client.through_proxy(proxy).ok_or(ServerProblem::NotConfigured)?,
    };
    let client = Arc::new(client);
    Ok((Arc::clone(&client) as _, Arc::new(move || client.end())))
}

#[cfg(not(feature = "http"))]
pub(super) fn built_in(_: &str) -> Result<Ending, ServerProblem> {
    Err(ServerProblem::NotConfigured)
}
