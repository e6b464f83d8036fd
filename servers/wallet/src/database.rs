//! This server's database file.

use std::path::Path;

use anyhow::Context;
use server_kit::{Database, Tables};

static TABLES: Tables = sqlx::migrate!("migrations/sqlite");

/// Opens the database of a data folder and brings its tables up to date.
///
/// # Errors
/// When the folder cannot be made or the file is no database of this version.
pub async fn open_database(data: &Path) -> anyhow::Result<Database> {
    std::fs::create_dir_all(data)
        .with_context(|| format!("cannot make the folder {}", data.display()))?;
    Database::open(&data.join("wallet.db"), &TABLES).await
}
