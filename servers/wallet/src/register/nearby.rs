//! Which stores are near a place.

use std::sync::{Arc, PoisonError, RwLock};

use domain::{Position, Store};
use server_kit::{Connection, DatabaseError};

use super::{
    snapshot::{Gathered, Snapshot},
    table::{for_each, revision},
};

/// Which stores are near a place: the whole register in memory, read anew when it has changed. For
/// a million stores with ten claims each that takes some seconds and hundreds of megabytes.
#[derive(Default)]
pub struct Nearby {
    /// The newest; held only to copy or replace it.
    snapshot: RwLock<Arc<Snapshot>>,
    /// Held while one is made, so that it is made once.
    making: tokio::sync::Mutex<()>,
}

impl Nearby {
    /// The register as it is now.
    pub async fn current(
        &self,
        connection: &mut Connection,
    ) -> Result<Arc<Snapshot>, DatabaseError> {
        let revision = revision(&mut *connection).await?;
        if let Some(snapshot) = self.at(revision) {
            return Ok(snapshot);
        }
        let _making = self.making.lock().await;
        if let Some(snapshot) = self.at(revision) {
            return Ok(snapshot);
        }
        let mut gathered = Gathered::default();
        for_each(connection, |store| gathered.add(&store)).await?;
        let made = tokio::task::spawn_blocking(move || gathered.at(revision));
        let snapshot = Arc::new(made.await.map_err(|_| DatabaseError::WorkerCrashed)?);
        tracing::info!(stores = snapshot.len(), "the register was read");
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&snapshot);
        Ok(snapshot)
    }

    /// At most `most` stores within `radius_m` metres, the nearest first, each with its distance in
    /// metres.
    pub async fn near(
        &self,
        connection: &mut Connection,
        position: Position,
        radius_m: f64,
        most: usize,
    ) -> Result<Vec<(Store, f64)>, DatabaseError> {
        Ok(self.current(connection).await?.within(position, radius_m, most))
    }

    fn at(&self, revision: i64) -> Option<Arc<Snapshot>> {
        let snapshot = self.snapshot.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&snapshot)).filter(|snapshot| snapshot.revision >= revision)
    }
}
