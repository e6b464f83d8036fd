//! The cache's file: its tables, opened or made anew.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Mutex,
};

use rusqlite::{Connection, OpenFlags};

/// Raised whenever the tables or the record's encoding change, with a step in [`UPGRADES`] for the files
/// of phones that have the one before.
const FORMAT: i32 = 5;

/// From which format, and what makes the next of it. A file older than the first is replaced.
const UPGRADES: [(i32, &str); 1] = [(4, NETWORK_TABLE)];

/// Since format 5.
const NETWORK_TABLE: &str = "
    CREATE TABLE network (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        revision INTEGER NOT NULL,
        record   BLOB NOT NULL
    ) STRICT;
";

const TABLES: &str = "
    CREATE TABLE store (
        key    INTEGER PRIMARY KEY,
        id     BLOB NOT NULL UNIQUE,
        tile   INTEGER NOT NULL,
        beacon INTEGER,
        record BLOB NOT NULL
    ) STRICT;
    CREATE INDEX store_tile ON store (tile);
    CREATE INDEX store_beacon ON store (beacon) WHERE beacon IS NOT NULL;
    CREATE TABLE access_point (
        address INTEGER PRIMARY KEY,
        store   INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX access_point_store ON access_point (store);
    CREATE VIRTUAL TABLE place USING rtree_i32 (key, south, north, west, east);
    CREATE TABLE tile (
        id         INTEGER PRIMARY KEY,
        etag       TEXT,
        fetched_at INTEGER NOT NULL,
        body       BLOB NOT NULL,
        revision   INTEGER NOT NULL,
        valid_until INTEGER NOT NULL,
        signed_by  BLOB NOT NULL
    ) STRICT;
    CREATE TABLE register_key (
        ed25519 BLOB NOT NULL,
        signs   INTEGER NOT NULL,
        revoked INTEGER NOT NULL,
        PRIMARY KEY (ed25519, signs)
    ) STRICT;
    CREATE TABLE register (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        root     BLOB NOT NULL,
        revision INTEGER NOT NULL
    ) STRICT;
";

/// The cache of stores.
pub(crate) struct Cache {
    /// Only ever reads, so it sees whole transactions and never waits for the writer.
    pub(super) reader: Mutex<Connection>,
    /// The one connection that changes the file.
    pub(super) writer: Mutex<Connection>,
}

/// The cache can be neither opened nor made anew: the storage is full or not ours to write.
#[derive(Debug, thiserror::Error)]
#[error("store cache unusable")]
pub(crate) struct CacheError;

impl From<rusqlite::Error> for CacheError {
    fn from(_: rusqlite::Error) -> Self {
        Self
    }
}

/// A cache and whether a broken one had to be thrown away for it.
pub(crate) struct Opened {
    pub cache: Cache,
    pub replaced: bool,
}

impl Cache {
    /// Opens the cache at `path`, or makes it. One whose keys another `root` key vouched for is made
    /// anew: nothing in it is believed any more.
    ///
    /// # Errors
    /// [`CacheError`] when even an empty one cannot be made there.
    pub fn open(path: &Path, root: &[u8; 32]) -> Result<Opened, CacheError> {
        let existed = path.exists();
        if let Ok(cache) = Self::connect(path, root) {
            return Ok(Opened { cache, replaced: false });
        }
        for file in files(path) {
            let _ = fs::remove_file(file);
        }
        Ok(Opened { cache: Self::connect(path, root)?, replaced: existed })
    }

    fn connect(path: &Path, root: &[u8; 32]) -> Result<Self, CacheError> {
        let writer = Connection::open(path)?;
        // A lost transaction is fetched again, so NORMAL is durable enough here.
        writer.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF;",
        )?;
        let format: i32 = writer.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let tables: i64 =
            writer.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if tables == 0 {
            make(&writer, root)?;
        } else if !sound(&writer, path)? || !is_of(&writer, root)? {
            return Err(CacheError);
        } else {
            upgrade(&writer, format)?;
        }
        // A new connection: in the one that made the R*Tree the planner may choose badly.
        let reader = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        reader.execute_batch("PRAGMA mmap_size = 268435456; PRAGMA query_only = ON;")?;
        Ok(Self { reader: Mutex::new(reader), writer: Mutex::new(writer) })
    }
}

fn make(writer: &Connection, root: &[u8; 32]) -> Result<(), rusqlite::Error> {
    let making = writer.unchecked_transaction()?;
    making.execute_batch(&format!("{TABLES} {NETWORK_TABLE} PRAGMA user_version = {FORMAT};"))?;
    making.execute("INSERT INTO register (only_row, root, revision) VALUES (1, ?1, 0)", [root])?;
    making.commit()
}

/// Brings a file of an earlier version to this one's format, whole or not at all.
fn upgrade(writer: &Connection, found: i32) -> Result<(), CacheError> {
    let mut format = found;
    let upgrading = writer.unchecked_transaction()?;
    while format != FORMAT {
        let step = UPGRADES.iter().find(|(from, _)| *from == format);
        let (_, step) = step.ok_or(CacheError)?;
        format += 1;
        upgrading.execute_batch(&format!("{step} PRAGMA user_version = {format};"))?;
    }
    Ok(upgrading.commit()?)
}

/// Whether the file's keys are those that `root` vouched for.
fn is_of(writer: &Connection, root: &[u8; 32]) -> Result<bool, rusqlite::Error> {
    let query = "SELECT count(*) FROM register WHERE root = ?1";
    let of_root: i64 = writer.query_row(query, [root], |row| row.get(0))?;
    Ok(of_root == 1)
}

/// Finds a file that was cut short by comparing it with the length its own header states, and reads
/// a little of every table. A whole check would take seconds for a large region.
fn sound(connection: &Connection, path: &Path) -> Result<bool, rusqlite::Error> {
    if cut_short(path).unwrap_or(true) {
        // Or the phone died while the log was copied into the file: the rest is in the log.
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        if cut_short(path).unwrap_or(true) {
            return Ok(false);
        }
    }
    for table in ["store", "place", "tile", "register_key"] {
        let read = format!("SELECT count(*) FROM (SELECT * FROM {table} LIMIT 1)");
        connection.query_row(&read, [], |_| Ok(()))?;
    }
    Ok(true)
}

/// The database header states the page size at byte 16 and the number of pages at byte 28, both
/// big-endian (SQLite file format, section 1.3).
fn cut_short(path: &Path) -> io::Result<bool> {
    let mut file = fs::File::open(path)?;
    let length = file.metadata()?.len();
    let mut header = [0; 32];
    file.read_exact(&mut header)?;
    let mut size = [0; 2];
    size.copy_from_slice(&header[16..18]);
    let mut pages = [0; 4];
    pages.copy_from_slice(&header[28..32]);
    let size = match u16::from_be_bytes(size) {
        1 => 65_536,
        size => u64::from(size),
    };
    Ok(length < size * u64::from(u32::from_be_bytes(pages)))
}

fn files(path: &Path) -> [PathBuf; 3] {
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    [path.to_owned(), beside("-wal"), beside("-shm")]
}

#[cfg(test)]
mod tests {
    use domain::{Acceptance, Source, wire::KeyUse};
    use rusqlite::TransactionBehavior;

    use super::{super::keys::use_number, *};

    /// Records of phones that have not been updated since: a word that moved would be read as another.
    #[test]
    fn the_words_of_a_kept_claim_stay_where_they_are() {
        let sources = [
            Source::Store,
            Source::Register,
            Source::OpenStreetMap,
            Source::Code,
            Source::Sibling,
            Source::Chain,
            Source::Country,
            Source::Generated,
            Source::Settlement,
            Source::Members,
        ];
        let sayings = [
            Acceptance::Accepted,
            Acceptance::Refused,
            Acceptance::Unknown,
            Acceptance::Likely,
            Acceptance::LikelyNot,
            Acceptance::Differs,
        ];
        let kept = |at: usize| vec![u8::try_from(at).unwrap()];
        for (at, source) in sources.into_iter().enumerate() {
            assert_eq!(postcard::to_stdvec(&source).unwrap(), kept(at), "{source:?}");
        }
        for (at, said) in sayings.into_iter().enumerate() {
            assert_eq!(postcard::to_stdvec(&said).unwrap(), kept(at), "{said:?}");
        }
    }

    #[test]
    fn a_reader_finds_what_was_written_before_while_a_writer_is_in_the_middle() {
        let folder = tempfile::tempdir().unwrap();
        let Opened { cache, .. } =
            Cache::open(&folder.path().join("stores.sqlite"), &[7; 32]).unwrap();
        let put = |writer: &Connection, signs: KeyUse| {
            let row = "INSERT INTO register_key (ed25519, signs, revoked) VALUES (?1, ?2, 0)";
            writer.execute(row, (vec![1; 32], use_number(signs))).unwrap();
        };
        put(&cache.writer.lock().unwrap(), KeyUse::Tiles);
        let mut writer = cache.writer.lock().unwrap();
        let begun = writer.transaction_with_behavior(TransactionBehavior::Exclusive).unwrap();
        begun.execute("DELETE FROM register_key", []).unwrap();
        put(&begun, KeyUse::Receipts);
        // The writer is held open all the time: whoever waited for it here would wait for ever.
        assert_eq!(cache.register_keys(KeyUse::Tiles).len(), 1);
        assert!(cache.register_keys(KeyUse::Receipts).is_empty());
        begun.commit().unwrap();
        drop(writer);
        assert!(cache.register_keys(KeyUse::Tiles).is_empty());
        assert_eq!(cache.register_keys(KeyUse::Receipts).len(), 1);
    }

    #[test]
    fn a_phone_that_dies_while_the_log_is_copied_into_the_file_keeps_its_stores() {
        let folder = tempfile::tempdir().unwrap();
        let [path, log, index] = files(&folder.path().join("stores.sqlite"));
        let root = [7; 32];
        let Opened { cache, .. } = Cache::open(&path, &root).unwrap();
        let writer = cache.writer.lock().unwrap();
        let copy = || writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        copy();
        let short = fs::read(&path).unwrap().len();
        let rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
            INSERT INTO register_key (ed25519, signs, revoked) SELECT randomblob(32), 1, 0 FROM n";
        writer.execute_batch(rows).unwrap();
        let logged = fs::read(&log).unwrap();
        copy();
        let copied = fs::read(&path).unwrap();
        drop(writer);
        drop(cache);
        // The first pages were copied, the last were not.
        fs::write(&path, &copied[..short]).unwrap();
        fs::write(&log, logged).unwrap();
        let _ = fs::remove_file(index);
        assert!(cut_short(&path).unwrap());
        let Opened { cache, replaced } = Cache::open(&path, &root).unwrap();
        let writer = cache.writer.lock().unwrap();
        let kept: i64 =
            writer.query_row("SELECT count(*) FROM register_key", [], |row| row.get(0)).unwrap();
        assert_eq!((replaced, kept), (false, 2_000));
    }
}
