//! What ails the phone's own storage, told apart by trying it.

use std::{
    fs,
    io::{self, ErrorKind},
    path::Path,
};

/// Why nothing can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StorageTrouble {
    /// There is no room left.
    Full,
    /// This app may not write there.
    ReadOnly,
    /// Neither, and it fails all the same.
    Failing,
}

/// A page of a database.
const TRIED_BYTES: usize = 4096;

impl StorageTrouble {
    /// What a page written into `folder` shows; a database says only that it could not open a file.
    pub fn found_in(folder: &Path) -> Self {
        let trial = folder.join("trial.new");
        let tried = fs::write(&trial, [0; TRIED_BYTES]);
        // Where it could not be written whole a part of it may be there.
        let _ = fs::remove_file(&trial);
        tried.map_or_else(|error| Self::of(&error), |()| Self::Failing)
    }

    /// What the operating system's refusal says.
    pub fn of(error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::Full
            }
            ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => Self::ReadOnly,
            _ => Self::Failing,
        }
    }
}
