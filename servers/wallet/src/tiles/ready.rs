//! Tiles in the forms they are sent in, kept until the register changes.

use std::{
    collections::HashMap,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use domain::wire::{Tile, TileId};
use flate2::{Compression, write::GzEncoder};
use server_kit::{Database, DatabaseError, hex};
use sha2::{Digest, Sha256};

use crate::register;

/// Tiles kept ready. A crowded one has about 500 kB in both forms.
const KEPT: usize = 64;

/// Tiles ready to be sent.
#[derive(Default)]
pub struct Tiles {
    /// All of one revision of the register, which is the number beside them.
    kept: Mutex<(i64, HashMap<TileId, Arc<Ready>>)>,
}

/// One tile in both forms.
pub struct Ready {
    /// As JSON.
    pub plain: Bytes,
    /// The same, compressed.
    pub gzip: Bytes,
    /// SHA-256 of the plain form, in hexadecimal.
    pub digest: String,
}

/// Why a tile cannot be had.
pub enum TileProblem {
    /// The register cannot be read.
    Database(DatabaseError),
    /// Its JSON cannot be written.
    Unwritable,
}

impl From<DatabaseError> for TileProblem {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl Ready {
    fn of(tile: &Tile) -> std::io::Result<Self> {
        let plain = serde_json::to_vec(tile)?;
        let digest = hex(&Sha256::digest(&plain));
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(&plain)?;
        Ok(Self { gzip: gzip.finish()?.into(), plain: plain.into(), digest })
    }
}

impl Tiles {
    /// The tile as the register has it now.
    pub async fn ready(&self, database: &Database, id: TileId) -> Result<Arc<Ready>, TileProblem> {
        let revision = register::revision(database).await?;
        if let Some(ready) = self.kept_at(revision, id) {
            return Ok(ready);
        }
        let tile = Tile { stores: register::of_tile(database, id).await? };
        let made = tokio::task::spawn_blocking(move || Ready::of(&tile)).await;
        let Ok(Ok(ready)) = made else { return Err(TileProblem::Unwritable) };
        let ready = Arc::new(ready);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != revision || kept.1.len() >= KEPT {
            *kept = (revision, HashMap::new());
        }
        kept.1.insert(id, Arc::clone(&ready));
        Ok(ready)
    }

    fn kept_at(&self, revision: i64, id: TileId) -> Option<Arc<Ready>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.1.get(&id).filter(|_| kept.0 == revision).cloned()
    }
}
