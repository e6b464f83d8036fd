//! What is kept for a time only is forgotten when that is over: the security log, and what waits for
//! a code that does not come, and what tells one report from another.

use std::time::Duration;

use domain::Timestamp;
use server_kit::{Clock, Database, DatabaseError};
use sqlx::query;

use super::security_log;

const EVERY: Duration = Duration::from_secs(15 * 60);

/// Forgets now and again until the database is closed.
pub fn start(database: Database, clock: Clock, security_log_days: u16) {
    tokio::spawn(async move {
        loop {
            match forget(&database, security_log_days, clock.now()).await {
                Err(DatabaseError::PoolClosed) => return,
                Err(_) => tracing::error!("what is over could not be forgotten"),
                Ok(()) => {}
            }
            tokio::time::sleep(EVERY).await;
        }
    });
}

async fn forget(database: &Database, days: u16, now: Timestamp) -> Result<(), DatabaseError> {
    security_log::forget(database, days, now).await?;
    for forget in [
        "DELETE FROM registration WHERE expires_at <= $1",
        "DELETE FROM reset WHERE expires_at <= $1",
        "DELETE FROM email_change WHERE expires_at <= $1",
        "DELETE FROM refresh WHERE expires_at <= $1",
        "DELETE FROM report_credential WHERE closes_at <= $1",
        "DELETE FROM report_vote WHERE closes_at <= $1",
        "DELETE FROM report_day WHERE closes_at <= $1",
    ] {
        query(forget).bind(now.0).execute(database.reads()).await?;
    }
    Ok(())
}
