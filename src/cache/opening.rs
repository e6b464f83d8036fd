//! Which database stands behind the cache: its file, the file as far as it can be read, or memory.
//!
//! A file that is none of this cache is put aside and begun anew. Trouble of the phone's storage says
//! nothing against the file: the cache goes on with what it can read and looks again when it is to keep
//! something.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use super::{
    file::{self, Unusable, connect, connect_to_read, in_memory},
    visits::Visits,
};
use crate::phone::{StorageTrouble, put_database_aside, remove_database};

/// The cache of stores.
pub(crate) struct Cache {
    path: PathBuf,
    root: [u8; 32],
    /// The most bytes that stores may take.
    pub(super) most_bytes: u64,
    /// Only ever reads, so it sees whole transactions and never waits for the writer; but for a cache
    /// in memory, which has this one connection.
    reader: Mutex<Connection>,
    /// The one connection that changes the file; always taken before the reader.
    writer: Mutex<Writer>,
    /// Where the phone was, as far as that is not written yet. Taken alone.
    pub(super) visits: Mutex<Visits>,
    /// What became of the file. Taken alone.
    state: Mutex<State>,
}

/// What changes the cache.
pub(super) enum Writer {
    File(Connection),
    /// The file is there, and can only be read.
    Nobody,
    /// Nothing is kept once the app ends.
    Memory,
}

#[derive(Default)]
struct State {
    /// A file was put aside, and no store was kept since.
    put_aside: bool,
    trouble: Option<StorageTrouble>,
    /// What was read shows that the file is damaged.
    damaged: bool,
    /// Another database stands behind the cache since this was asked last.
    changed: bool,
}

/// What the cache's file was not kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// It was damaged or none of ours, and lies beside the new one.
    PutAside,
    /// Another root key vouched for it, and it is gone.
    OfAnotherRoot,
}

/// Nothing could be kept: the storage is full or not ours to write, or the file is damaged.
#[derive(Debug, thiserror::Error)]
#[error("store cache unusable")]
pub(crate) struct CacheError;

impl From<rusqlite::Error> for CacheError {
    fn from(_: rusqlite::Error) -> Self {
        Self
    }
}

struct Opened {
    reader: Connection,
    writer: Writer,
    lost: Option<Lost>,
    trouble: Option<StorageTrouble>,
}

impl Cache {
    /// Opens the cache at `path`, or makes it. A file that is damaged or none of ours is put aside; one
    /// whose keys another `root` key vouched for is made anew: nothing in it is believed any more. Where
    /// the storage has trouble it is read as far as it can be, and else the cache is empty and in memory.
    ///
    /// # Errors
    /// [`CacheError`] when there is no folder for it, or not even memory.
    pub fn open(path: &Path, root: &[u8; 32]) -> Result<(Self, Option<Lost>), CacheError> {
        if !path.parent().is_some_and(Path::is_dir) {
            return Err(CacheError);
        }
        let Opened { reader, writer, lost, trouble } = open(path, root)?;
        let put_aside = lost == Some(Lost::PutAside);
        let cache = Self {
            path: path.to_owned(),
            root: *root,
            most_bytes: u64::MAX,
            reader: reader.into(),
            writer: writer.into(),
            visits: Mutex::default(),
            state: State { put_aside, trouble, ..State::default() }.into(),
        };
        Ok((cache, lost))
    }

    /// The same, which forgets the places visited longest ago where stores would take more bytes.
    pub fn within(self, most_bytes: u64) -> Self {
        Self { most_bytes, ..self }
    }

    /// The most bytes that stores may take.
    pub fn most_bytes(&self) -> u64 {
        self.most_bytes
    }

    /// Why nothing is kept.
    pub fn trouble(&self) -> Option<StorageTrouble> {
        self.state().trouble
    }

    /// Whether a file was put aside and no store was kept since.
    pub fn has_put_aside(&self) -> bool {
        self.state().put_aside
    }

    /// Whether stores are not what they were because another database stands behind the cache now;
    /// told once.
    pub fn take_changed(&self) -> bool {
        std::mem::take(&mut self.state().changed)
    }

    /// Puts aside a file that showed damage, and opens one again that could not be written before; what
    /// was lost for it.
    pub fn mend(&self) -> Option<Lost> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let is_damaged = self.state().damaged;
        if matches!(*writer, Writer::File(_)) && !is_damaged {
            return None;
        }
        let was_memory = matches!(*writer, Writer::Memory);
        let opened = if is_damaged {
            let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
            // Closed first: the last connection to a file deletes the log beside it, by then the next file's.
            *reader = in_memory(&self.root).ok()?;
            *writer = Writer::Memory;
            anew(&self.path, &self.root, Lost::PutAside).ok()?
        } else {
            open(&self.path, &self.root).ok()?
        };
        let Opened { reader, writer: next, lost, trouble } = opened;
        let mut state = self.state();
        state.trouble = trouble;
        state.damaged = false;
        state.put_aside |= lost == Some(Lost::PutAside);
        state.changed |= was_memory || is_damaged || lost.is_some();
        drop(state);
        if !(was_memory && matches!(next, Writer::Memory)) {
            *self.reader.lock().unwrap_or_else(PoisonError::into_inner) = reader;
            *writer = next;
        }
        lost
    }

    /// Stores were kept: what was put aside is told of no more.
    pub(super) fn has_stores(&self) {
        self.state().put_aside = false;
    }

    /// Reads with the reader's own connection. A read that fails finds nothing: the screen says
    /// that nothing is known rather than not appear.
    pub(super) fn reading<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<Option<T>, rusqlite::Error>,
    ) -> Option<T> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let found = read(&reader);
        if found.as_ref().is_err_and(file::is_damage) {
            self.state().damaged = true;
        }
        found.unwrap_or(None)
    }

    /// All or nothing: a phone that dies in the middle keeps what it had.
    pub(super) fn writing<T>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> Result<T, rusqlite::Error>,
    ) -> Result<T, CacheError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let (written, is_kept) = match &mut *writer {
            Writer::File(file) => (whole(file, write), true),
            Writer::Nobody => return Err(CacheError),
            Writer::Memory => {
                let mut memory = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
                (whole(&mut memory, write), false)
            }
        };
        match &written {
            Ok(_) if is_kept => self.state().trouble = None,
            Ok(_) => {}
            Err(error) if file::is_damage(error) => self.state().damaged = true,
            Err(error) => self.state().trouble = Some(trouble(error, &self.path)),
        }
        Ok(written?)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap()
    }
}

fn whole<T>(
    connection: &mut Connection,
    write: impl FnOnce(&Transaction<'_>) -> Result<T, rusqlite::Error>,
) -> Result<T, rusqlite::Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let written = write(&transaction)?;
    transaction.commit()?;
    Ok(written)
}

fn open(path: &Path, root: &[u8; 32]) -> Result<Opened, CacheError> {
    match connect(path, root) {
        Ok((reader, writer)) => {
            Ok(Opened { reader, writer: Writer::File(writer), lost: None, trouble: None })
        }
        Err(Unusable::Storage(error)) => {
            let trouble = Some(trouble(&error, path));
            let (reader, writer) = match connect_to_read(path, root) {
                Ok(reader) => (reader, Writer::Nobody),
                Err(_) => (in_memory(root)?, Writer::Memory),
            };
            Ok(Opened { reader, writer, lost: None, trouble })
        }
        Err(Unusable::Foreign) => anew(path, root, Lost::PutAside),
        Err(Unusable::OfAnotherRoot) => anew(path, root, Lost::OfAnotherRoot),
    }
}

/// A new file in place of the one that is `lost`.
fn anew(path: &Path, root: &[u8; 32], lost: Lost) -> Result<Opened, CacheError> {
    let away = match lost {
        Lost::PutAside => put_database_aside(path),
        Lost::OfAnotherRoot => remove_database(path),
    };
    if let Err(error) = away {
        let (reader, trouble) = (in_memory(root)?, Some(StorageTrouble::of(&error)));
        return Ok(Opened { reader, writer: Writer::Memory, lost: None, trouble });
    }
    let lost = Some(lost);
    Ok(match connect(path, root) {
        Ok((reader, writer)) => {
            Opened { reader, writer: Writer::File(writer), lost, trouble: None }
        }
        Err(_) => {
            let trouble = path.parent().map(StorageTrouble::found_in);
            Opened { reader: in_memory(root)?, writer: Writer::Memory, lost, trouble }
        }
    })
}

fn trouble(error: &rusqlite::Error, path: &Path) -> StorageTrouble {
    match (error.sqlite_error_code(), path.parent()) {
        (Some(ErrorCode::DiskFull), _) => StorageTrouble::Full,
        (Some(ErrorCode::ReadOnly), _) => StorageTrouble::ReadOnly,
        (_, Some(folder)) => StorageTrouble::found_in(folder),
        (_, None) => StorageTrouble::Failing,
    }
}
