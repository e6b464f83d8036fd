//! Whether the server can do its work.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{Router, extract::State, routing::get};

use super::problem::Refused;
use crate::database::Database;

/// A write is tried at most this often: a check is no way to keep the disk busy.
const TRIED_EVERY: Duration = Duration::from_secs(1);

/// The database, and when a write to it last succeeded.
#[derive(Clone)]
struct Health {
    database: Database,
    last: Arc<Mutex<Option<Instant>>>,
}

/// `GET /healthz`: `ok` when the database takes writes.
pub fn routes<S: Clone + Send + Sync + 'static>(database: Database) -> Router<S> {
    let health = Health { database, last: Arc::default() };
    Router::new().route("/healthz", get(check)).with_state(health)
}

async fn check(State(Health { database, last }): State<Health>) -> Result<&'static str, Refused> {
    let written = *last.lock().unwrap_or_else(PoisonError::into_inner);
    if written.is_none_or(|at| at.elapsed() >= TRIED_EVERY) {
        database.try_a_write().await?;
        *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
    Ok("ok\n")
}
