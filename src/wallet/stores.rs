//! The stores near this phone: the cache, the ids of rotating beacons, and the register's keys.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    Position, Store, StoreId, Timestamp,
    wire::{Cell, KeyUse, Rotating},
};
use signs::store_code::{KeyId, KeySet, PublicKey, VerifyingKey};

use super::{
    network::KnownNetwork,
    rotating::{Bucket, RotatingIds},
    tile_list::KnownTiles,
};
use crate::{
    cache::{Cache, CacheError, ListedKey, Lost, Written},
    entry::{Nearby, StoreKey},
    sensed::{BeaconReport, ReportProblem, Sighting},
};

/// How long a phone that stays in one cell, or found the server away, waits before it looks again.
const LOOK_EVERY_MS: i64 = 60_000;

/// The register may sign with a new key at any time; a code scanned within this time of the keys was
/// signed with one of them.
const KEYS_FRESH_MS: i64 = 60_000;

/// A phone that fetches tiles learns within this time that a key was revoked.
const KEYS_DUE_MS: i64 = 24 * 3_600_000;

/// The cache's file in the wallet's folder.
pub(super) const STORES_FILE: &str = "stores.sqlite";

/// Owns what the phone knows of stores.
pub(super) struct NearbyStores {
    pub cache: Cache,
    /// What its stores have in common.
    pub network: KnownNetwork,
    /// Which tiles there are.
    pub tiles: KnownTiles,
    /// The public key under which the register's keys are believed.
    root: [u8; 32],
    /// The cell whose tiles were last looked at, and when; taken alone.
    looked_at: Mutex<Option<(Cell, Timestamp)>>,
    /// The ids of rotating beacons. Taken alone.
    rotating: Mutex<RotatingIds>,
    /// When the keys in the cache were last heard from the server, not past their time; `None` since
    /// the app began. Taken alone.
    keys_heard: Mutex<Option<Timestamp>>,
}

impl NearbyStores {
    /// Opens the cache in `folder`, which keeps at most so many bytes; what its file was not kept for.
    ///
    /// # Errors
    /// [`CacheError`].
    pub fn open(
        folder: &Path,
        root: [u8; 32],
        most_bytes: u64,
    ) -> Result<(Self, Option<Lost>), CacheError> {
        let (cache, lost) = Cache::open(&folder.join(STORES_FILE), &root)?;
        let cache = cache.within(most_bytes);
        let stores = Self {
            network: KnownNetwork::kept(cache.network()),
            tiles: KnownTiles::kept(&cache),
            cache,
            root,
            looked_at: None.into(),
            rotating: Mutex::default(),
            keys_heard: None.into(),
        };
        Ok((stores, lost))
    }

    /// The public key under which the register's keys are believed.
    pub fn root(&self) -> [u8; 32] {
        self.root
    }

    /// The record of the store with this key.
    pub fn by_key(&self, key: StoreKey) -> Option<Arc<Store>> {
        self.cache.stores([key]).pop().map(|held| held.store)
    }

    /// Whether the cache has this store.
    pub fn knows(&self, id: StoreId) -> bool {
        self.cache.key_of(id).is_some()
    }

    /// The name of a store, empty when it has none or is not known.
    pub fn name(&self, id: StoreId) -> String {
        self.cache.key_of(id).map(|key| self.name_by_key(key)).unwrap_or_default()
    }

    /// As [`NearbyStores::name`].
    pub fn name_by_key(&self, key: StoreKey) -> String {
        self.by_key(key).map(|store| store.name.clone()).unwrap_or_default()
    }

    /// Whether a store of the cache has this beacon.
    pub fn knows_beacon(&self, sighting: Sighting) -> bool {
        self.cache.by_beacon(sighting.beacon).is_some()
    }

    /// The sighting that a report of the radio is.
    ///
    /// # Errors
    /// [`ReportProblem`].
    pub fn sighting(&self, report: &BeaconReport) -> Result<Sighting, ReportProblem> {
        let network = self.network.beacons();
        self.rotating(|ids| ids.sighting(network, report))
    }

    fn rotating<T>(&self, call: impl FnOnce(&mut RotatingIds) -> T) -> T {
        call(&mut self.rotating.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The id of a rotating beacon in a report that the server may be asked about now.
    pub fn unknown_rotating(&self, report: &BeaconReport, now: Timestamp) -> Option<[u8; 8]> {
        self.rotating(|ids| ids.unknown(report, now))
    }

    /// What to ask the server for that id, which then counts as asked.
    pub fn rotating_bucket(&self, id: [u8; 8], now: Timestamp) -> Option<Bucket> {
        self.rotating(|ids| ids.ask(id, now))
    }

    /// How vaguely the server may be asked about ids; `None` forgets it.
    pub fn put_rotating_bits(&self, bits: Option<u8>, now: Timestamp) {
        self.rotating(|ids| ids.put_bits(bits, now));
    }

    /// Keeps the ids of a bucket.
    pub fn put_rotating(&self, bucket: Bucket, answer: &Rotating, now: Timestamp) {
        self.rotating(|ids| ids.put(bucket, answer, now));
    }

    /// `position`, if the tiles round it are to be looked at: it lies in another cell than the fix
    /// before, or some time has passed. Fixes come every second; the worker need not wake for each.
    pub fn due_round(&self, position: Position, now: Timestamp) -> Option<Position> {
        let cell = Cell::of(position);
        let mut last = self.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = |at: Timestamp| now.millis_since(at).abs() < LOOK_EVERY_MS;
        if last.is_some_and(|(looked_at, at)| looked_at == cell && recent(at)) {
            return None;
        }
        *last = Some((cell, now));
        Some(position)
    }

    /// Keeps the register's keys; `heard_at` when they are surely as the server has them now.
    ///
    /// # Errors
    /// [`CacheError`].
    pub fn put_keys(
        &self,
        keys: &[ListedKey],
        revision: i64,
        heard_at: Option<Timestamp>,
    ) -> Result<Written, CacheError> {
        let kept = self.cache.put_keys(keys, revision)?;
        if kept == Written::StoresForgotten {
            self.tiles.read_anew(&self.cache);
        }
        if kept != Written::RolledBack && heard_at.is_some() {
            *self.keys_heard.lock().unwrap_or_else(PoisonError::into_inner) = heard_at;
        }
        Ok(kept)
    }

    /// Whether the keys were not heard for long, so that some may be revoked since.
    pub fn keys_are_due(&self, now: Timestamp) -> bool {
        let heard = *self.keys_heard.lock().unwrap_or_else(PoisonError::into_inner);
        !heard.is_some_and(|at| (0..KEYS_DUE_MS).contains(&now.millis_since(at)))
    }

    /// Whether the keys are as the server has them now, so that a key missing among them is not
    /// one of the register's.
    pub fn keys_are_fresh(&self, now: Timestamp) -> bool {
        let heard = *self.keys_heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.is_some_and(|at| (0..KEYS_FRESH_MS).contains(&now.millis_since(at)))
    }

    /// The keys that sign store codes, as the server last said.
    pub fn signing_keys(&self) -> KeySet {
        let mut keys = KeySet::default();
        for known in self.cache.register_keys(KeyUse::StoreCodes) {
            let Ok(key) = VerifyingKey::from_bytes(&known.ed25519) else { continue };
            keys.add(PublicKey::active(key));
            if known.revoked {
                keys.revoke(KeyId::of(&key));
            }
        }
        keys
    }
}
