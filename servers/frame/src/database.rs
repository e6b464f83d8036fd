use std::{path::Path, time::Duration};

use anyhow::Context;
use sqlx::{
    SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

/// Opens the SQLite file at `path`, makes it and its tables when they are missing.
///
/// WAL with `synchronous=FULL`: what was answered survives a power cut; `NORMAL` may lose it.
///
/// # Errors
/// When the file is no database, is of a newer version, or cannot be written.
pub async fn open_database(path: &Path, tables: &Migrator) -> anyhow::Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("trusted_schema", "OFF");
    let pool = SqlitePoolOptions::new()
        .max_connections(8)
        .acquire_timeout(Duration::from_secs(5))
        .connect_with(options)
        .await
        .with_context(|| format!("cannot open the database {}", path.display()))?;
    tables
        .run(&pool)
        .await
        .with_context(|| format!("cannot bring the tables of {} up to date", path.display()))?;
    Ok(pool)
}
