//! The wallet's files on this phone: what ails them, and what room they take.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{member::Member, stores::STORES_FILE};
use crate::{
    cache::{Cache, Lost},
    phone::{LogEvent, StorageTrouble, database_files},
    screen::StorageWarning,
    transfers::Outbox,
};

/// The outbox's file in the wallet's folder.
pub(super) const TRANSFERS_FILE: &str = "transfers.sqlite";

/// The room that the wallet's files take on this phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct StorageUse {
    /// The stores it knows, in bytes.
    pub stores_bytes: u64,
    /// The most that those may take, but for the log of the database beside them.
    pub most_store_bytes: u64,
    /// Deposits and payments: the latest of each member.
    pub transfers_bytes: u64,
    /// What is sealed: session, methods and balances.
    pub vault_bytes: u64,
    /// Files that were unusable and were put aside, at most one of each kind. Nothing reads them; the app
    /// may delete `stores.damaged`, `transfers.damaged` and `vault.damaged` with what begins so.
    pub put_aside_bytes: u64,
}

/// The wallet's folder.
pub(super) struct Storage {
    folder: PathBuf,
    outbox: Arc<Outbox>,
    most_store_bytes: u64,
}

impl Storage {
    /// Of the files in `folder`.
    pub fn of(folder: &Path, outbox: Arc<Outbox>, most_store_bytes: u64) -> Self {
        Self { folder: folder.to_owned(), outbox, most_store_bytes }
    }

    /// What is to be said of the storage, the gravest first.
    pub fn warnings(&self, cache: &Cache, member: &Member) -> Vec<StorageWarning> {
        let vault = member.has_put_aside().then_some(StorageWarning::VaultPutAside);
        let transfers = self.outbox.has_put_aside().then_some(StorageWarning::TransfersPutAside);
        let put_aside = cache.has_put_aside().then_some(StorageWarning::StoresPutAside);
        let trouble = cache.trouble().or_else(|| member.storage_trouble());
        vault.into_iter().chain(transfers).chain(put_aside).chain(trouble.map(warning)).collect()
    }

    /// The room that the files take.
    pub fn used(&self) -> StorageUse {
        let size = |file: &Path| fs::metadata(file).map_or(0, |file| file.len());
        let database = |name: &str| {
            database_files(&self.folder.join(name)).iter().map(|file| size(file)).sum()
        };
        let put_aside: [u64; 3] =
            ["stores.damaged", "transfers.damaged", "vault.damaged"].map(database);
        StorageUse {
            stores_bytes: database(STORES_FILE),
            most_store_bytes: self.most_store_bytes,
            transfers_bytes: database(TRANSFERS_FILE),
            vault_bytes: size(&self.folder.join("vault")),
            put_aside_bytes: put_aside.iter().sum(),
        }
    }
}

fn warning(trouble: StorageTrouble) -> StorageWarning {
    match trouble {
        StorageTrouble::Full => StorageWarning::Full,
        StorageTrouble::ReadOnly => StorageWarning::ReadOnly,
        StorageTrouble::Failing => StorageWarning::Failing,
    }
}

/// How the log says that a cache was lost.
pub(super) fn lost_cache(lost: Lost) -> LogEvent {
    match lost {
        Lost::PutAside => LogEvent::CachePutAside,
        Lost::OfAnotherRoot => LogEvent::CacheReplaced,
    }
}
