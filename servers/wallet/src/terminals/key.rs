//! A new key for a store's terminal.

use std::path::Path;

use anyhow::ensure;
use domain::StoreId;
use server_kit::{hex, random_bytes};

use super::rows;
use crate::{database::open_database, register};

/// Makes the key of a store's terminal; the key it had before is void.
///
/// # Errors
/// When the register has no such store or the database cannot be written.
pub async fn terminal_key(data: &Path, store: StoreId) -> anyhow::Result<String> {
    let database = open_database(data).await?;
    ensure!(
        register::of_id(&database, store).await?.is_some(),
        "the register has no store {store}; import it first"
    );
    let key = hex(&random_bytes::<32>()?);
    rows::put_key(&database, store, &key).await?;
    database.close().await;
    Ok(key)
}
