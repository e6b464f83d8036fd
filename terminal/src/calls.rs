//! What the pages' calls have in common: one thing to do as JSON, and a state that is waited for.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, de::DeserializeOwned};
use tokio::{sync::watch, time::timeout};

/// How long a call waits for news.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// The answer to what [`asked`] does not know.
pub const NOTHING_TO_DO: (StatusCode, &str) =
    (StatusCode::BAD_REQUEST, "There is no such thing to do.\n");

/// Which state the page has.
#[derive(Deserialize)]
pub struct After {
    after: Option<u64>,
}

impl After {
    /// Waits until `news` counts more than the page has seen, though not for ever: what did not change
    /// in that time is sent as it is.
    pub async fn newer(self, mut news: watch::Receiver<u64>) {
        if let Some(after) = self.after {
            let _ = timeout(LONGEST_WAIT, news.wait_for(|news| *news > after)).await;
        }
    }
}

/// The one thing that a call asks for; `None` when it is not JSON, which no other site's form can send,
/// or nothing that there is to do.
pub fn asked<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Option<T> {
    let is_json = headers.get(header::CONTENT_TYPE).is_some_and(|it| it == "application/json");
    serde_json::from_slice(body).ok().filter(|_| is_json)
}
