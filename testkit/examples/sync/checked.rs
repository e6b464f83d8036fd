//! Whether a phone's cache is what the register once was, in each of its parts.

use std::{collections::HashMap, fs, path::Path};

use anyhow::{Context, Result};
use domain::{Store, StoreId, wire::Cell};
use rusqlite::{Connection, OpenFlags};

/// The stores of the register at each of its revisions.
#[derive(Default)]
pub struct History(HashMap<i64, HashMap<StoreId, Store>>);

/// What a cache has.
pub struct Held {
    stores: HashMap<StoreId, (i64, Store)>,
    /// First cell, the one after the last, and the revision.
    parts: Vec<(i64, i64, i64)>,
}

impl History {
    /// The register is so at that revision.
    pub fn add(&mut self, revision: i64, stores: Vec<Store>) {
        self.0.insert(revision, stores.into_iter().map(|store| (store.id, store)).collect());
    }

    fn at(&self, revision: i64, (first, past): (i64, i64)) -> Option<HashMap<StoreId, &Store>> {
        let is_in = |store: &&Store| (first..past).contains(&cell(store));
        let stores = self.0.get(&revision)?.values().filter(is_in);
        Some(stores.map(|store| (store.id, store)).collect())
    }

    /// What is wrong with a cache; each part is to be what the register was at its revision.
    pub fn wrong(&self, held: &Held) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut in_parts = 0;
        let mut before = 0;
        for &(first, past, revision) in &held.parts {
            if first < before || past <= first {
                wrong.push(format!("the part at {first} overlaps another"));
            }
            before = past;
            let Some(was) = self.at(revision, (first, past)) else {
                wrong.push(format!("the register never had revision {revision}"));
                continue;
            };
            let has = held.stores.values().filter(|(cell, _)| (first..past).contains(cell));
            let has: HashMap<_, _> = has.map(|(_, store)| (store.id, store)).collect();
            in_parts += has.len();
            if has != was {
                let (has, was) = (has.len(), was.len());
                wrong.push(format!(
                    "the part at {first} has {has} stores, not those {was} of {revision}"
                ));
            }
        }
        if in_parts != held.stores.len() {
            wrong.push(format!("{} stores are in no part", held.stores.len() - in_parts));
        }
        wrong
    }

    /// Whether a cache is all of the register as it is at that revision.
    pub fn is_all(&self, held: &Held, revision: i64) -> bool {
        let of =
            |(first, past): (i64, i64)| self.at(revision, (first, past)).map_or(0, |it| it.len());
        let now = of((0, i64::from(Cell::COUNT)));
        let parts = held.parts.iter().filter(|part| part.2 == revision);
        let held_now: usize = parts.map(|(first, past, _)| of((*first, *past))).sum();
        now == held_now && held.stores.len() == now
    }
}

fn cell(store: &Store) -> i64 {
    i64::from(Cell::of(store.position).number())
}

impl Held {
    /// The cache in a phone's folder; empty where there is none yet.
    ///
    /// # Errors
    /// When the cache is damaged, or its tables contradict each other.
    pub fn read(folder: &Path) -> Result<Self> {
        let file = folder.join("stores.sqlite");
        let mut held = Self { stores: HashMap::new(), parts: Vec::new() };
        if !file.exists() {
            return Ok(held);
        }
        let cache = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let tables: i64 =
            cache.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if tables == 0 {
            return Ok(held);
        }
        let check: String = cache.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        anyhow::ensure!(check == "ok", "the cache is damaged: {check}");
        let halves: i64 = cache.query_row(
            "SELECT (SELECT count(*) FROM store WHERE key NOT IN (SELECT key FROM place))
                + (SELECT count(*) FROM place WHERE key NOT IN (SELECT key FROM store))
                + (SELECT count(*) FROM access_point WHERE store NOT IN (SELECT key FROM store))",
            [],
            |row| row.get(0),
        )?;
        anyhow::ensure!(halves == 0, "{halves} stores are there by half");
        let mut parts = cache.prepare("SELECT first, past, revision FROM tile ORDER BY first")?;
        let part = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        held.parts = parts.query_map([], part)?.collect::<Result<_, _>>()?;
        let mut stores = cache.prepare("SELECT cell, record FROM store")?;
        let mut rows = stores.query([])?;
        while let Some(row) = rows.next()? {
            let record: Vec<u8> = row.get(1)?;
            let store: Store = postcard::from_bytes(&record).context("a record is damaged")?;
            anyhow::ensure!(cell(&store) == row.get::<_, i64>(0)?, "a store is in another cell");
            held.stores.insert(store.id, (cell(&store), store));
        }
        Ok(held)
    }
}

/// Copies the cache of a phone that was killed, so that looking at it does not mend it.
///
/// # Errors
/// When a file cannot be copied.
pub fn copied(folder: &Path) -> Result<tempfile::TempDir> {
    let copy = tempfile::tempdir()?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("stores.sqlite") {
            fs::copy(entry.path(), copy.path().join(entry.file_name()))?;
        }
    }
    Ok(copy)
}
