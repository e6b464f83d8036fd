//! Tells the calls that wait for something that the server stops, so that they answer at once.

use axum::{extract::FromRequestParts, http::request::Parts};
use tokio::sync::watch;

use super::problem::Refused;

/// The stop of the server that a request came to.
#[derive(Clone, Debug)]
pub struct Stopping(watch::Receiver<()>);

impl Stopping {
    /// The server stops when the first of these is dropped.
    pub(super) fn channel() -> (watch::Sender<()>, Self) {
        let (running, stopping) = watch::channel(());
        (running, Self(stopping))
    }

    /// Ends when the server stops.
    pub async fn wait(mut self) {
        while self.0.changed().await.is_ok() {}
    }
}

impl<S: Sync> FromRequestParts<S> for Stopping {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        parts.extensions.get().cloned().ok_or_else(Refused::internal)
    }
}
