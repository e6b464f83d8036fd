//! Made-up access points of stores, for trials: extracts of a map say none.

use domain::{Bssid, StoreId};
use server_kit::{Database, DatabaseError, json};
use sqlx::query;

use super::telling::tell;

/// Gives each of these stores one access point, in place of those it had.
///
/// # Errors
/// When the database cannot be written.
pub async fn give_access_points(
    database: &Database,
    points: &[(StoreId, Bssid)],
) -> Result<(), DatabaseError> {
    database
        .transaction(|mut change| async move {
            for (store, point) in points {
                query("UPDATE store SET access_points = $1, revision = NULL WHERE id = $2")
                    .bind(json(&[point])?)
                    .bind(store.to_string())
                    .execute(&mut *change)
                    .await?;
            }
            tell(&mut change).await?;
            change.keep(())
        })
        .await
}
