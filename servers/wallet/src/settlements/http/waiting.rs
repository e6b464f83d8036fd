//! How long somebody who stands at a till waits for an answer.

use std::time::Duration;

use tokio::sync::watch;

/// After this it is told that the outcome is not known yet.
const LONGEST_WAIT: Duration = Duration::from_secs(6);

/// Waits until what is pursued has ended, or long enough.
pub async fn within(mut ended: watch::Receiver<bool>) {
    let _ = tokio::time::timeout(LONGEST_WAIT, ended.wait_for(|ended| *ended)).await;
}
