//! This server's database file.

use std::path::Path;

use server_kit::{Database, Tables};

static TABLES: Tables = sqlx::migrate!("migrations/sqlite");

/// Opens the database at `path` and brings its tables up to date.
///
/// # Errors
/// When the file is no database of this version or cannot be written.
pub async fn open_database(path: &Path) -> anyhow::Result<Database> {
    Database::open(path, &TABLES).await
}
