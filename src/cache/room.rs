//! Stores are forgotten, and room is made for what comes: the places visited longest ago go first.

use domain::{Timestamp, wire::TileId};
use rusqlite::{Connection, OptionalExtension, Params, Transaction, params};

/// Forgets the places visited longest ago, but none visited since `spared_from` and nothing of the tile that
/// `came`, until what is left takes no more than `most_bytes`; whether it does. The file does not shrink, and
/// what is free of it is used again.
pub(super) fn make_room(
    transaction: &Transaction<'_>,
    came: TileId,
    most_bytes: u64,
    spared_from: Option<Timestamp>,
) -> Result<bool, rusqlite::Error> {
    let spared_from = spared_from.map_or(i64::MAX, |Timestamp(at)| at);
    let cells = came.cells();
    while taken(transaction)? > most_bytes {
        let oldest = "SELECT first, past FROM tile
            WHERE (first >= ?2 OR past <= ?1) AND visited_at < ?3 ORDER BY visited_at LIMIT 1";
        let part = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let oldest = transaction
            .query_row(oldest, params![cells.start, cells.end, spared_from], part)
            .optional()?;
        let Some(oldest) = oldest else { return Ok(false) };
        forget_part(transaction, oldest)?;
    }
    Ok(true)
}

/// Bytes of the file that hold anything.
fn taken(connection: &Connection) -> Result<u64, rusqlite::Error> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let pages = pragma("page_count")?.saturating_sub(pragma("freelist_count")?);
    Ok(pages.saturating_mul(pragma("page_size")?).unsigned_abs())
}

/// Forgets a part, which begins and ends so, and its stores.
pub(super) fn forget_part(
    transaction: &Transaction<'_>,
    (first, past): (i64, i64),
) -> Result<(), rusqlite::Error> {
    forget_cells(transaction, (first, past))?;
    transaction.execute("DELETE FROM tile WHERE first = ?1", [first])?;
    Ok(())
}

/// Forgets the stores of a run of cells.
pub(super) fn forget_cells(
    transaction: &Transaction<'_>,
    (first, past): (i64, i64),
) -> Result<(), rusqlite::Error> {
    forget(transaction, "cell >= ?1 AND cell < ?2", [first, past])
}

/// Forgets the stores of which a condition holds that is `named` values.
pub(super) fn forget(
    transaction: &Transaction<'_>,
    which: &str,
    named: impl Params + Copy,
) -> Result<(), rusqlite::Error> {
    let keys = format!("(SELECT key FROM store WHERE {which})");
    for forget in [
        format!("DELETE FROM place WHERE key IN {keys}"),
        format!("DELETE FROM access_point WHERE store IN {keys}"),
        format!("DELETE FROM store WHERE {which}"),
    ] {
        transaction.prepare_cached(&forget)?.execute(named)?;
    }
    Ok(())
}
