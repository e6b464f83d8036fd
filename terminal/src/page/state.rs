//! What the store's page is asked with, and what it says has changed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::cashiers::Cashiers;
use crate::{Counter, ShownSign};

/// What the routes are asked with.
pub struct Page {
    /// The charge of now and the day.
    pub counter: Mutex<Counter>,
    /// What the store shows at its counter.
    pub sign: ShownSign,
    /// Who may give back.
    pub cashiers: Mutex<Cashiers>,
    /// A reader's host and port on this machine.
    pub reader: Option<String>,
    /// The design's style sheet.
    pub tokens: String,
    /// Counts what there was to draw.
    pub news: watch::Sender<u64>,
}

impl Page {
    /// The counter.
    pub fn counter(&self) -> MutexGuard<'_, Counter> {
        self.counter.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// There is something new to draw.
    pub fn tell(&self) {
        self.news.send_modify(|news| *news += 1);
    }
}

/// Milliseconds since 1970.
pub fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(0)
}
