//! The cache's file: its tables, opened or made anew.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

/// Raised whenever the tables or the record's encoding change, with a step in [`UPGRADES`] for the files
/// of phones that have the one before.
const FORMAT: i32 = 7;

/// From which format, and what makes the next of it. A file older than the first is replaced.
const UPGRADES: [(i32, &str); 3] = [(4, NETWORK_TABLE), (5, VISITED), (6, CELLS)];

/// Since format 5.
const NETWORK_TABLE: &str = "
    CREATE TABLE network (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        revision INTEGER NOT NULL,
        record   BLOB NOT NULL
    ) STRICT;
";

/// Since format 6.
const VISITED: &str = "
    ALTER TABLE tile ADD COLUMN visited_at INTEGER NOT NULL DEFAULT 0;
    UPDATE tile SET visited_at = fetched_at;
    CREATE INDEX tile_visited ON tile (visited_at);
";

/// SQL for a number of 15 bits with a zero before each bit.
macro_rules! spread {
    ($number:literal) => {
        concat!(
            "(SELECT (b | (b << 1)) & 1431655765 FROM (SELECT (b | (b << 2)) & 858993459 AS b FROM
             (SELECT (b | (b << 4)) & 252645135 AS b FROM (SELECT ((",
            $number,
            ") | ((",
            $number,
            ") << 8)) & 16711935 AS b))))"
        )
    };
}

/// Since format 7: what is known of runs of cells, which do not overlap, and how the grid is cut. A cell is
/// numbered along the curve, no more by its column and row.
const CELLS: &str = concat!(
    "ALTER TABLE store RENAME COLUMN tile TO cell;
    DROP INDEX store_tile;
    UPDATE store SET cell = ",
    spread!("cell >> 32"),
    " | (",
    spread!("cell & 32767"),
    " << 1);
    CREATE INDEX store_cell ON store (cell);
    CREATE TABLE held (
        first       INTEGER PRIMARY KEY,
        past        INTEGER NOT NULL,
        fetched_at  INTEGER NOT NULL,
        visited_at  INTEGER NOT NULL,
        revision    INTEGER NOT NULL,
        valid_until INTEGER NOT NULL,
        signed_by   BLOB NOT NULL
    ) STRICT;
    INSERT INTO held (first, past, fetched_at, visited_at, revision, valid_until, signed_by)
        SELECT cell, cell + 1, fetched_at, visited_at, revision, valid_until, signed_by FROM (SELECT ",
    spread!("id >> 32"),
    " | (",
    spread!("id & 32767"),
    " << 1) AS cell, * FROM tile);
    DROP TABLE tile;
    ALTER TABLE held RENAME TO tile;
    CREATE INDEX tile_visited ON tile (visited_at);
    CREATE TABLE tile_list (
        only_row   INTEGER PRIMARY KEY CHECK (only_row = 1),
        etag       TEXT,
        fetched_at INTEGER NOT NULL,
        body       BLOB NOT NULL,
        revision   INTEGER NOT NULL,
        signed_by  BLOB NOT NULL
    ) STRICT;
"
);

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

/// Why a file is not opened as it is.
pub(super) enum Unusable {
    /// It is damaged, cut short, or no cache that this version knows.
    Foreign,
    /// Another root key vouched for what is in it.
    OfAnotherRoot,
    /// The storage: it says nothing against the file.
    Storage(rusqlite::Error),
}

impl From<rusqlite::Error> for Unusable {
    fn from(error: rusqlite::Error) -> Self {
        if is_damage(&error) { Self::Foreign } else { Self::Storage(error) }
    }
}

/// Whether an error is the file's own fault.
pub(crate) fn is_damage(error: &rusqlite::Error) -> bool {
    use ErrorCode::{DatabaseCorrupt, NotADatabase, Unknown};
    // Without a code of SQLite's it is a row that is not what this version writes.
    error
        .sqlite_error_code()
        .is_none_or(|code| matches!(code, DatabaseCorrupt | NotADatabase | Unknown))
}

/// The file's connections, the one that reads and the one that changes it. Makes and upgrades it.
pub(super) fn connect(path: &Path, root: &[u8; 32]) -> Result<(Connection, Connection), Unusable> {
    let writer = Connection::open(path)?;
    // A lost transaction is fetched again, so NORMAL is durable enough here.
    writer.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF;
         PRAGMA journal_size_limit = 4194304;",
    )?;
    let tables: i64 =
        writer.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        make(&writer, root)?;
    } else {
        whole(&writer, path)?;
        is_ours(&writer, root)?;
        upgrade(&writer)?;
    }
    // A new connection: in the one that made the R*Tree the planner may choose badly.
    let reader = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    reads_only(&reader)?;
    Ok((reader, writer))
}

/// A connection to a file that cannot be written, as it is.
pub(super) fn connect_to_read(path: &Path, root: &[u8; 32]) -> Result<Connection, Unusable> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let read = |reader: Connection| -> Result<Connection, Unusable> {
        reads_only(&reader)?;
        is_ours(&reader, root)?;
        if format(&reader)? == FORMAT { Ok(reader) } else { Err(Unusable::Foreign) }
    };
    let beside = Connection::open_with_flags(path, flags).map_err(Unusable::from).and_then(read);
    if beside.is_ok() || cut_short(path).unwrap_or(true) {
        return beside;
    }
    // Where not even the log's index can be made, the file is read without its log.
    let uri = format!("file:{}?immutable=1", escaped(path));
    read(Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?)
}

/// A cache that ends with the app.
pub(super) fn in_memory(root: &[u8; 32]) -> Result<Connection, rusqlite::Error> {
    let memory = Connection::open_in_memory()?;
    make(&memory, root)?;
    Ok(memory)
}

fn reads_only(reader: &Connection) -> Result<(), rusqlite::Error> {
    reader.execute_batch("PRAGMA mmap_size = 268435456; PRAGMA query_only = ON;")
}

/// A path in a URI of SQLite's, whose `%`, `?` and `#` mean something else.
fn escaped(path: &Path) -> String {
    path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}

fn format(connection: &Connection) -> Result<i32, rusqlite::Error> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn make(writer: &Connection, root: &[u8; 32]) -> Result<(), rusqlite::Error> {
    let making = writer.unchecked_transaction()?;
    making.execute_batch(&format!(
        "{TABLES} {NETWORK_TABLE} {VISITED} {CELLS} PRAGMA user_version = {FORMAT};"
    ))?;
    making.execute("INSERT INTO register (only_row, root, revision) VALUES (1, ?1, 0)", [root])?;
    making.commit()
}

/// Brings a file of an earlier version to this one's format, whole or not at all.
fn upgrade(writer: &Connection) -> Result<(), Unusable> {
    let mut format = format(writer)?;
    if format == FORMAT {
        return Ok(());
    }
    let upgrading = writer.unchecked_transaction()?;
    while format != FORMAT {
        let step = UPGRADES.iter().find(|(from, _)| *from == format);
        let (_, step) = step.ok_or(Unusable::Foreign)?;
        format += 1;
        upgrading.execute_batch(&format!("{step} PRAGMA user_version = {format};"))?;
    }
    Ok(upgrading.commit()?)
}

/// Reads a little of every table, and whether its keys are those that `root` vouched for. A whole check
/// would take seconds for a large region.
fn is_ours(connection: &Connection, root: &[u8; 32]) -> Result<(), Unusable> {
    for table in ["store", "place", "tile", "register_key"] {
        let read = format!("SELECT count(*) FROM (SELECT * FROM {table} LIMIT 1)");
        connection.query_row(&read, [], |_| Ok(()))?;
    }
    let query = "SELECT count(*) FROM register WHERE root = ?1";
    let of_root: i64 = connection.query_row(query, [root], |row| row.get(0))?;
    if of_root == 1 { Ok(()) } else { Err(Unusable::OfAnotherRoot) }
}

/// Finds a file that was cut short by comparing it with the length its own header states.
fn whole(connection: &Connection, path: &Path) -> Result<(), Unusable> {
    if !cut_short(path).unwrap_or(false) {
        return Ok(());
    }
    // Or the phone died while the log was copied into the file: the rest is in the log.
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    if cut_short(path).unwrap_or(false) { Err(Unusable::Foreign) } else { Ok(()) }
}

/// The database header states the page size at byte 16 and the number of pages at byte 28, both
/// big-endian (SQLite file format, section 1.3).
pub(super) fn cut_short(path: &Path) -> io::Result<bool> {
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
