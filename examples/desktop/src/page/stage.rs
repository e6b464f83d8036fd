//! What is on the desk now. Another world or another visit can take its place while the page goes on.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use anyhow::Context as _;
use domain::{Channel, Store};

use super::{
    city::{ENDING, name_of},
    desk::Desk,
    motion,
};
use crate::{
    cast::{self, Cast, Lists},
    paying,
};

/// What every visit of this run has in common.
#[derive(Clone)]
pub struct Course {
    /// The extract the run began with; none for the one that is built in.
    pub world: Option<PathBuf>,
    /// What stores are said to take.
    pub lists: Lists,
    /// Copies of stores are made until there are so many.
    pub stores: usize,
}

/// A desk, and the map that belongs to it.
#[derive(Clone)]
pub struct Set {
    /// Everything on it.
    pub desk: Arc<Desk>,
    /// The map, which does not change.
    pub city: Arc<str>,
}

/// The desk that the page shows.
pub struct Stage {
    course: Course,
    set: RwLock<Set>,
    /// One change after the other.
    changing: tokio::sync::Mutex<()>,
}

/// The store that is walked to: the one visited, or the first where a payment by its code works.
pub fn goal(stores: &[Store], visited: &Store) -> Store {
    paying::store(stores, visited, Channel::Scan).unwrap_or(visited).clone()
}

fn lay_out(cast: Cast, seed: u64, revision: u64) -> anyhow::Result<Set> {
    let goal = goal(&cast.stores, &cast.visited.store);
    let desk = Desk::lay_out(cast, goal, seed, revision)?;
    motion::seek(&desk, 0.0)?;
    let city = serde_json::to_string(&desk.city.map)?.into();
    Ok(Set { desk: Arc::new(desk), city })
}

impl Stage {
    /// With the cast of a walk that has ended.
    ///
    /// # Errors
    /// When a phone cannot be switched on.
    pub fn new(course: Course, cast: Cast, seed: u64) -> anyhow::Result<Self> {
        let set = tokio::task::block_in_place(|| lay_out(cast, seed, 1))?;
        Ok(Self { course, set: set.into(), changing: tokio::sync::Mutex::default() })
    }

    /// What is on the desk now.
    pub fn set(&self) -> Set {
        self.set.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The desk now.
    pub fn desk(&self) -> Arc<Desk> {
        self.set().desk
    }

    /// Lays the visit of `seed` in `world` out in place of what is there, with servers of its own; a world
    /// is named as its file, without the ending. The same again changes nothing.
    ///
    /// # Errors
    /// When there is no such world beside the one the run began with, or it cannot be imported.
    pub async fn set_out(&self, world: &str, seed: u64) -> anyhow::Result<()> {
        let _one = self.changing.lock().await;
        let before = self.desk();
        if (before.world.as_str(), before.seed) == (world, seed) {
            return Ok(());
        }
        let file = self.file_of(world)?;
        let Course { lists, stores, .. } = self.course;
        let port = cast::free_port()?;
        let cast = Cast::assemble_with(file.as_deref(), seed, port, lists, stores).await?;
        let set = tokio::task::block_in_place(|| lay_out(cast, seed, before.revision() + 1))?;
        *self.set.write().unwrap_or_else(PoisonError::into_inner) = set;
        before.tell();
        let mut servers = before.servers.write().await;
        servers.stop_wallet_server().await;
        let operators: Vec<String> =
            servers.operator_urls().map(|(name, _)| name.to_owned()).collect();
        for name in operators {
            servers.stop_operator(&name).await;
        }
        Ok(())
    }

    /// The file of a world: only those beside the one that the run began with are looked at, so that a link
    /// opens no other file.
    fn file_of(&self, world: &str) -> anyhow::Result<Option<PathBuf>> {
        if world == BUILT_IN {
            return Ok(None);
        }
        let begun = self.course.world.as_deref().and_then(Path::parent);
        let folder = match begun {
            Some(folder) if folder.as_os_str().is_empty() => Some(Path::new(".")),
            folder => folder,
        };
        let files = folder.and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten();
        let mut files = files.filter_map(|entry| Some(entry.ok()?.path()));
        let found = files.find(|file| is_extract(file) && name_of(file) == world);
        let unknown = || format!("there is no world {world:?} beside the one this run began with");
        Ok(Some(found.with_context(unknown)?))
    }
}

/// The name of the world that is built in.
const BUILT_IN: &str = "rome-esquilino";

fn is_extract(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name.to_string_lossy().ends_with(ENDING))
}
