//! Store terminals: who may sign payments and send the beacon of a store.

use std::{path::Path, sync::Arc};

use anyhow::ensure;
use axum::{
    extract::{FromRequestParts, Path as UrlPath},
    http::request::Parts,
};
use domain::{Store, StoreId};
use server_frame::{Refused, bearer};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{App, register, signing::hex};

/// The store whose terminal sent the request.
pub(crate) struct Terminal {
    pub store: Store,
}

impl FromRequestParts<Arc<App>> for Terminal {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let wrong = || Refused::unauthorized("Send this store's terminal key as a bearer token.");
        let UrlPath(id) = UrlPath::<Uuid>::from_request_parts(parts, app)
            .await
            .map_err(|_| Refused::not_found("The register has no store of this id."))?;
        let key = bearer(&parts.headers).ok_or_else(wrong)?;
        // Found by its digest: the time this takes tells nothing of the key.
        let known: Option<(String,)> =
            sqlx::query_as("SELECT store_id FROM terminal WHERE store_id = $1 AND key_digest = $2")
                .bind(id.to_string())
                .bind(hex(&Sha256::digest(key)))
                .fetch_optional(&app.pool)
                .await?;
        known.ok_or_else(wrong)?;
        let store = register::of_id(&app.pool, StoreId(id)).await?.ok_or_else(wrong)?;
        Ok(Self { store })
    }
}

/// Makes the key of a store's terminal; the key it had before is void.
///
/// # Errors
/// When the register has no such store or the database cannot be written.
pub async fn terminal_key(data: &Path, store: StoreId) -> anyhow::Result<String> {
    let pool = crate::open_register(data).await?;
    ensure!(
        register::of_id(&pool, store).await?.is_some(),
        "the register has no store {store}; import it first"
    );
    let mut secret = [0; 32];
    getrandom::fill(&mut secret)?;
    let key = hex(&secret);
    sqlx::query(
        "INSERT INTO terminal (store_id, key_digest) VALUES ($1, $2)
         ON CONFLICT (store_id) DO UPDATE SET key_digest = excluded.key_digest",
    )
    .bind(store.to_string())
    .bind(hex(&Sha256::digest(&key)))
    .execute(&pool)
    .await?;
    pool.close().await;
    Ok(key)
}
