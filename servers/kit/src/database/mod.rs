//! The database of a server: embedded SQLite behind sqlx's `Any` driver, so that the same written
//! SQL also runs on PostgreSQL. No other room names a database.

mod columns;
mod error;
mod keep_latest;
mod placeholders;
mod script;
mod transaction;

use std::{fs::File, io, path::Path, time::Duration};

use anyhow::{Context, ensure};
use sqlx::{
    AnyPool, ConnectOptions, Executor,
    any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers},
    sqlite::SqliteConnectOptions,
};
use tokio::task::spawn_blocking;

pub use columns::{currency, from_json, from_word, json, word};
pub use error::{DatabaseError, damaged};
pub use keep_latest::keep_latest;
pub use placeholders::{parts, placeholder_rows, placeholders};
pub use script::{Answers, Connection, Script, Statement, Value};
pub use transaction::{Change, Kept};

/// The steps that make a server's tables, for every kind of database.
pub type Tables = sqlx::migrate::Migrator;

/// Connections at once that read, beside the one that writes.
const READERS: u32 = 7;
/// How long a call waits for a connection.
const WAIT: Duration = Duration::from_secs(5);
/// How long a writer waits for the one before it: as long as for one of another process.
const WAIT_TO_WRITE: Duration = Duration::from_secs(10);

/// WAL with `synchronous=FULL`: what was answered survives a power cut; `NORMAL` may lose it. Pages go
/// from the log to the file every 32 MB, not every 4, since ids are spread and the same pages come
/// again; 8 MB of them are kept in memory for each connection. What is deleted is
/// overwritten, since it may be personal.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA busy_timeout = 10000; PRAGMA trusted_schema = OFF;
    PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -8000;
    PRAGMA temp_store = MEMORY;";

/// A database and its connections. Cheap to clone; all clones share the connections.
///
/// All transactions that write go through one connection: SQLite has one writer anyway, what it wrote
/// stays in its memory, where it would be read anew after each change by another connection, and who
/// waits for it is woken instead of looking again and again.
#[derive(Clone, Debug)]
pub struct Database {
    readers: AnyPool,
    writer: AnyPool,
}

impl Database {
    /// Opens the SQLite file at `path`, makes it and its tables when they are missing.
    ///
    /// # Errors
    /// When the file is no database, is of a newer version, or cannot be written.
    pub async fn open(path: &Path, tables: &Tables) -> anyhow::Result<Self> {
        install_default_drivers();
        // Two processes that start at once: the second finds what the first made.
        let _making = lock_beside(path).await?;
        refuse_emptied(path)?;
        let file = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let options = AnyConnectOptions::from_url(&file.to_url_lossy())?;
        let connect = |connections: u32, wait: Duration| {
            AnyPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(wait)
                // SQLite is in this process: no other end can have hung up.
                .test_before_acquire(false)
                .after_connect(|connection, _| {
                    Box::pin(async move { connection.execute(PRAGMAS).await.map(drop) })
                })
                .connect_with(options.clone())
        };
        let cannot_open = || format!("cannot open the database {}", path.display());
        let writer = connect(1, WAIT_TO_WRITE).await.with_context(cannot_open)?;
        tables
            .run(&writer)
            .await
            .with_context(|| format!("cannot bring the tables of {} up to date", path.display()))?;
        let readers = connect(READERS, WAIT).await.with_context(cannot_open)?;
        Ok(Self { readers, writer })
    }

    /// For single statements, which need no transaction.
    pub fn reads(&self) -> &AnyPool {
        &self.readers
    }

    /// Does `work` in one transaction that may write: what it keeps lasts as a whole, otherwise
    /// nothing does. `work` may be done again, where the database gives the transaction up in favour
    /// of another, so it must change nothing outside the database.
    ///
    /// # Errors
    /// What `work` fails with, or the database.
    pub async fn transaction<T, F>(&self, work: impl Fn(Change) -> F) -> Result<T, DatabaseError>
    where
        F: Future<Output = Result<Kept<T>, DatabaseError>>,
    {
        let nothing = Script::default();
        self.transaction_after(&nothing, |change, _| work(change)).await
    }

    /// [`Self::transaction`] where `first` is what has to be known: it is done before `work`, which gets
    /// what it came to.
    ///
    /// # Errors
    /// What `work` fails with, or the database.
    pub async fn transaction_after<T, F>(
        &self,
        first: &Script,
        work: impl Fn(Change, Answers) -> F,
    ) -> Result<T, DatabaseError>
    where
        F: Future<Output = Result<Kept<T>, DatabaseError>>,
    {
        transaction::run(&self.writer, transaction::TO_WRITE, first, work).await
    }

    /// Does all of `script` in one transaction that may write, or nothing of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn write(&self, script: &Script) -> Result<Answers, DatabaseError> {
        transaction::at_once(&self.writer, transaction::TO_WRITE, script).await
    }

    /// Does all of `script`, which only reads, at one moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read(&self, script: &Script) -> Result<Answers, DatabaseError> {
        transaction::at_once(&self.readers, transaction::TO_READ, script).await
    }

    /// Does `work`, which only reads, at one moment: all its statements see the same state.
    ///
    /// # Errors
    /// What `work` fails with, or the database.
    pub async fn moment<T, F>(&self, work: impl Fn(Change) -> F) -> Result<T, DatabaseError>
    where
        F: Future<Output = Result<Kept<T>, DatabaseError>>,
    {
        let nothing = Script::default();
        transaction::run(&self.readers, transaction::TO_READ, &nothing, |change, _| work(change))
            .await
    }

    /// Writes something of no meaning, to see whether the database takes writes: on a full disk it
    /// still answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn try_a_write(&self) -> Result<(), DatabaseError> {
        self.transaction(|mut change| async move {
            change.execute("UPDATE health SET checks = checks + 1").await?;
            change.keep(())
        })
        .await
    }

    /// Brings what the log beside the file holds into the file and empties it, so that nothing that was
    /// deleted stays readable there.
    ///
    /// # Errors
    /// When the database fails, or others keep it busy.
    pub async fn drop_log(&self) -> Result<(), DatabaseError> {
        self.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").await.map(drop)
    }

    /// Lets what was begun end, and closes the connections.
    pub async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}

/// Holds `path.lock` until it is dropped.
async fn lock_beside(path: &Path) -> anyhow::Result<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    // Elsewhere: who holds the lock may need this thread to go on.
    let locked = spawn_blocking(move || {
        let file = File::create(&name)?;
        file.lock()?;
        Ok::<_, io::Error>(file)
    });
    locked.await?.with_context(|| format!("cannot lock the database {}", path.display()))
}

/// A file of no length is a database that was lost: made anew in silence, nobody would notice.
fn refuse_emptied(path: &Path) -> anyhow::Result<()> {
    let emptied = path.metadata().is_ok_and(|file| file.len() == 0);
    ensure!(
        !emptied,
        "{} is empty: restore it, or remove it to begin with an empty database",
        path.display()
    );
    Ok(())
}
