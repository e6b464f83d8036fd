//! The files of a database on this phone: where they are, moved out of the way, and removed.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A database's file, and those that SQLite puts beside it.
pub(crate) fn database_files(path: &Path) -> [PathBuf; 3] {
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    [path.to_owned(), beside("-wal"), beside("-shm")]
}

/// Moves a database out of the way, over one that was put aside before: there is never more than one.
pub(crate) fn put_database_aside(path: &Path) -> io::Result<()> {
    let aside = path.with_extension("damaged");
    remove_database(&aside)?;
    for (from, to) in database_files(path).iter().zip(database_files(&aside)) {
        unless_missing(fs::rename(from, to))?;
    }
    Ok(())
}

/// Removes a database, if it is there.
pub(crate) fn remove_database(path: &Path) -> io::Result<()> {
    database_files(path).iter().try_for_each(|file| unless_missing(fs::remove_file(file)))
}

fn unless_missing(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}
