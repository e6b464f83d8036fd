//! Which stores are near a place.

use std::{
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use domain::{Bssid, Position, Store};
use server_kit::{Connection, Database, DatabaseError};
use tokio::sync::OwnedMutexGuard;

use super::{
    snapshot::{Gathered, Snapshot},
    table::{for_each, revision},
};

/// How often it is looked whether the register has changed.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Which stores are near a place: the whole register in memory, read anew when it has changed.
#[derive(Default)]
pub struct Nearby {
    /// The newest; held only to copy or replace it.
    snapshot: RwLock<Arc<Snapshot>>,
    /// When it was last looked whether it still is the newest; held only to read or set it.
    looked_at: Mutex<Option<Instant>>,
    /// Held while one is made, so that it is made once.
    making: Arc<tokio::sync::Mutex<()>>,
}

impl Nearby {
    /// The register as it was a moment ago, or, while a changed one is being read, before the change.
    /// Who first finds it changed waits for it.
    pub async fn current(
        self: &Arc<Self>,
        database: &Database,
        connection: &mut Connection,
    ) -> Result<Arc<Snapshot>, DatabaseError> {
        let held = self.held();
        if !self.is_to_be_looked_at() || held.revision >= revision(connection).await? {
            return Ok(held);
        }
        let making = Arc::clone(&self.making);
        let Ok(turn) = making.try_lock_owned() else { return Ok(held) };
        let (this, database) = (Arc::clone(self), database.clone());
        // Goes on when the one who waits for it has gone.
        let made = tokio::spawn(async move { this.make(&database, turn).await });
        made.await.map_err(|_| DatabaseError::WorkerCrashed)?
    }

    async fn make(
        &self,
        database: &Database,
        _turn: OwnedMutexGuard<()>,
    ) -> Result<Arc<Snapshot>, DatabaseError> {
        let mut connection = database.reads().acquire().await?;
        // Before the rows: a change between the two is found at the next look.
        let revision = revision(&mut connection).await?;
        let mut gathered = Gathered::default();
        for_each(&mut connection, |store| gathered.add(&store)).await?;
        drop(connection);
        let made = tokio::task::spawn_blocking(move || gathered.at(revision));
        let snapshot = Arc::new(made.await.map_err(|_| DatabaseError::WorkerCrashed)?);
        tracing::info!(stores = snapshot.len(), "the register was read");
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&snapshot);
        Ok(snapshot)
    }

    /// At most `most` stores within `radius_m` metres, the nearest first, each with its distance in
    /// metres.
    pub async fn near(
        self: &Arc<Self>,
        database: &Database,
        connection: &mut Connection,
        position: Position,
        radius_m: f64,
        most: usize,
    ) -> Result<Vec<(Store, f64)>, DatabaseError> {
        Ok(self.current(database, connection).await?.within(position, radius_m, most))
    }

    /// The store with this access point.
    pub async fn of_access_point(
        self: &Arc<Self>,
        database: &Database,
        connection: &mut Connection,
        address: Bssid,
    ) -> Result<Option<Store>, DatabaseError> {
        Ok(self.current(database, connection).await?.of_access_point(address))
    }

    fn held(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_to_be_looked_at(&self) -> bool {
        let now = Instant::now();
        let mut looked_at = self.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = looked_at.is_none_or(|at| now.duration_since(at) >= LOOK_EVERY);
        if is_due {
            *looked_at = Some(now);
        }
        is_due
    }
}
