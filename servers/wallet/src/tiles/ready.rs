//! Tiles and their list in the forms they are sent in, signed, and kept until the register or its keys change.

use std::{
    collections::HashMap,
    io::Write,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use domain::{
    Timestamp,
    wire::{BodyDigest, Cell, TILES_PATH, TileId, TileList},
};
use flate2::{Compression, write::GzEncoder};
use serde::Serialize;
use server_kit::{Database, DatabaseError, day_number};

use crate::{
    register,
    signing::{InForce, KeysProblem, Signing},
};

/// Tiles kept ready. A crowded one has about 500 kB in both forms.
const KEPT: usize = 64;

/// How many stores share a tile at least, so that asking for it says no more of where somebody is. As many as
/// share a bucket of rotating ids.
const SHARED_BY: u32 = 64;

/// The most stores that are told together: about 2 MB before they are packed. A tile of the list is told
/// however many it has.
const MOST_TOGETHER: u32 = 4_000;

/// Tiles ready to be sent.
#[derive(Default)]
pub struct Tiles {
    /// All of one edition.
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    edition: Edition,
    /// How the grid is cut, once that was asked.
    cut: Option<Arc<Cut>>,
    tiles: HashMap<(TileId, Option<i64>), Arc<Ready>>,
}

/// How many stores are where, and how the grid is cut for them.
pub struct Cut {
    counts: Vec<(Cell, u32)>,
    list: TileList,
    /// The list as it is sent.
    pub ready: Arc<Ready>,
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
    /// It is more than is told together.
    TooMany,
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
    fn of(
        path: &str,
        body: &impl Serialize,
        revision: i64,
        keys: &InForce,
    ) -> std::io::Result<Self> {
        let plain = serde_json::to_vec(body)?;
        let digest = BodyDigest::of(&plain);
        let signature = keys.vouch(path, revision, digest).to_string();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&plain)?;
        let digest = digest.to_string();
        Ok(Self { gzip: gzip.finish()?.into(), plain: plain.into(), digest, signature })
    }
}

/// Does it on a thread where it keeps nobody waiting.
async fn made<T: Send + 'static>(
    make: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<Arc<T>, TileProblem> {
    match tokio::task::spawn_blocking(make).await {
        Ok(Ok(made)) => Ok(Arc::new(made)),
        _ => Err(TileProblem::Unwritable),
    }
}

/// What an answer is made from.
struct Sources<'a> {
    database: &'a Database,
    keys: Arc<InForce>,
    edition: Edition,
}

impl<'a> Sources<'a> {
    async fn now(
        database: &'a Database,
        signing: &Signing,
        now: Timestamp,
    ) -> Result<Self, TileProblem> {
        let keys = signing.in_force(database, now).await?;
        // Before the stores are read: a tile is never newer than its number says.
        let register = register::revision(&mut *database.reads().acquire().await?).await?;
        let edition = Edition { register, keys: keys.stamp(), day: day_number(now) };
        Ok(Self { database, keys, edition })
    }
}

impl Tiles {
    /// The list of tiles as the register has them now.
    pub async fn list(
        &self,
        database: &Database,
        signing: &Signing,
        now: Timestamp,
    ) -> Result<Arc<Ready>, TileProblem> {
        let sources = Sources::now(database, signing, now).await?;
        Ok(Arc::clone(&self.cut(&sources).await?.ready))
    }

    /// The stores of a tile as the register has them now, or what of them has changed `since` a revision.
    pub async fn ready(
        &self,
        database: &Database,
        signing: &Signing,
        id: TileId,
        since: Option<i64>,
        now: Timestamp,
    ) -> Result<Arc<Ready>, TileProblem> {
        let sources = Sources::now(database, signing, now).await?;
        if let Some(ready) = self.kept(sources.edition).tiles.get(&(id, since)) {
            return Ok(Arc::clone(ready));
        }
        if !self.cut(&sources).await?.may_be_told(id) {
            return Err(TileProblem::TooMany);
        }
        let from = match since {
            Some(since) => {
                let mut connection = database.reads().acquire().await?;
                register::has_had(&mut connection, since).await?.then_some(since)
            }
            None => None,
        };
        let tile = register::of_tile(database, id, from).await?;
        let path = since.map_or_else(|| id.to_string(), |since| format!("{id}?since={since}"));
        let Sources { keys, edition, .. } = sources;
        let ready = made(move || Ready::of(&path, &tile, edition.register, &keys)).await?;
        let mut kept = self.kept(edition);
        if kept.tiles.len() >= KEPT {
            kept.tiles.clear();
        }
        kept.tiles.insert((id, since), Arc::clone(&ready));
        Ok(ready)
    }

    async fn cut(&self, sources: &Sources<'_>) -> Result<Arc<Cut>, TileProblem> {
        if let Some(cut) = &self.kept(sources.edition).cut {
            return Ok(Arc::clone(cut));
        }
        let counts = register::by_cell(sources.database).await?;
        let (keys, edition) = (Arc::clone(&sources.keys), sources.edition);
        let cut = made(move || {
            let list = TileList::of(&counts, SHARED_BY);
            let ready = Ready::of(TILES_PATH, &list, edition.register, &keys)?;
            Ok(Cut { counts, list, ready: Arc::new(ready) })
        });
        let cut = cut.await?;
        self.kept(edition).cut = Some(Arc::clone(&cut));
        Ok(cut)
    }

    /// What is kept of this edition; what was kept of another goes.
    fn kept(&self, edition: Edition) -> MutexGuard<'_, Kept> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.edition != edition {
            *kept = Kept { edition, ..Kept::default() };
        }
        kept
    }
}

impl Cut {
    fn may_be_told(&self, tile: TileId) -> bool {
        let of_tile = self.counts.iter().filter(|(cell, _)| tile.has(*cell));
        let stores: u64 = of_tile.map(|(_, stores)| u64::from(*stores)).sum();
        let first = Cell::numbered(tile.cells().start);
        stores <= u64::from(MOST_TOGETHER)
            || first.is_some_and(|first| {
                let listed = self.list.tile_of(first).cells();
                listed.start <= tile.cells().start && tile.cells().end <= listed.end
            })
    }
}
