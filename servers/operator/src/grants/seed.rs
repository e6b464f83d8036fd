//! Grants to begin with.

use anyhow::ensure;
use domain::wire::{Grant, LinkedTo};
use serde::Deserialize;
use server_kit::{Connection, DatabaseError};

use super::rows;
use crate::product::Product;

/// Shortest grant taken, characters: 16 random bytes in hexadecimal.
const MIN_GRANT: usize = 32;

/// A grant of a [`Seed`](crate::Seed): for a member whom the wallet server is seeded with.
#[derive(Clone, Debug, Deserialize)]
pub struct SeedGrant {
    /// At least 32 random characters; kept as a digest.
    pub grant: Grant,
    /// What it opens.
    #[serde(flatten)]
    pub to: LinkedTo,
}

/// Checks a grant before anything is written.
///
/// # Errors
/// When it is short.
pub fn check(granted: &SeedGrant) -> anyhow::Result<()> {
    ensure!(
        granted.grant.expose().len() >= MIN_GRANT,
        "a grant is shorter than {MIN_GRANT} characters"
    );
    Ok(())
}

/// Puts a grant in, or makes one that is there open what the seed says.
pub async fn put(change: &mut Connection, granted: &SeedGrant) -> Result<(), DatabaseError> {
    let (product, id) = Product::of(&granted.to);
    rows::put(change, &granted.grant, product, id).await
}
