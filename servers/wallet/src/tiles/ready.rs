//! Tiles in the forms they are sent in, signed, and kept until the register or its keys change.

use std::{
    collections::HashMap,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use domain::{
    Timestamp,
    wire::{BodyDigest, Tile, TileId},
};
use flate2::{Compression, write::GzEncoder};
use server_kit::{Database, DatabaseError, day_number};

use crate::{
    register,
    signing::{InForce, KeysProblem, Signing},
};

/// Tiles kept ready. A crowded one has about 500 kB in both forms.
const KEPT: usize = 64;

/// Tiles ready to be sent.
#[derive(Default)]
pub struct Tiles {
    /// All of the edition beside them.
    kept: Mutex<(Edition, HashMap<TileId, Arc<Ready>>)>,
}

/// What a signed tile comes from.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Edition {
    /// The register's revision.
    register: i64,
    /// Which keys sign.
    keys: (i64, i64),
    /// The day it is signed on.
    day: i64,
}

/// One tile in both forms.
pub struct Ready {
    /// As JSON.
    pub plain: Bytes,
    /// The same, compressed.
    pub gzip: Bytes,
    /// SHA-256 of the plain form, in hexadecimal.
    pub digest: String,
    /// The header field's value that vouches for the plain form.
    pub signature: String,
}

/// Why a tile cannot be had.
pub enum TileProblem {
    /// The register cannot be read.
    Database(DatabaseError),
    /// Its JSON cannot be written.
    Unwritable,
    /// It cannot be signed.
    Keys(KeysProblem),
}

impl From<DatabaseError> for TileProblem {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl From<KeysProblem> for TileProblem {
    fn from(problem: KeysProblem) -> Self {
        Self::Keys(problem)
    }
}

impl Ready {
    fn of(id: TileId, tile: &Tile, revision: i64, keys: &InForce) -> std::io::Result<Self> {
        let plain = serde_json::to_vec(tile)?;
        let digest = BodyDigest::of(&plain);
        let path = format!("/v1/tiles/{}/{}", id.x, id.y);
        let signature = keys.vouch(&path, revision, digest).to_string();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(&plain)?;
        let digest = digest.to_string();
        Ok(Self { gzip: gzip.finish()?.into(), plain: plain.into(), digest, signature })
    }
}

impl Tiles {
    /// The tile as the register has it now.
    pub async fn ready(
        &self,
        database: &Database,
        signing: &Signing,
        id: TileId,
        now: Timestamp,
    ) -> Result<Arc<Ready>, TileProblem> {
        let keys = signing.in_force(database, now).await?;
        // Before the stores are read: a tile is never newer than its number says.
        let revision = register::revision(&mut *database.reads().acquire().await?).await?;
        let edition = Edition { register: revision, keys: keys.stamp(), day: day_number(now) };
        if let Some(ready) = self.kept_of(edition, id) {
            return Ok(ready);
        }
        let tile = Tile { stores: register::of_tile(database, id).await? };
        let make = move || Ready::of(id, &tile, revision, &keys);
        let Ok(Ok(ready)) = tokio::task::spawn_blocking(make).await else {
            return Err(TileProblem::Unwritable);
        };
        let ready = Arc::new(ready);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != edition || kept.1.len() >= KEPT {
            *kept = (edition, HashMap::new());
        }
        kept.1.insert(id, Arc::clone(&ready));
        Ok(ready)
    }

    fn kept_of(&self, edition: Edition, id: TileId) -> Option<Arc<Ready>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.1.get(&id).filter(|_| kept.0 == edition).cloned()
    }
}
