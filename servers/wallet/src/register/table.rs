//! Stores read from the database.

use std::pin::pin;

use domain::{
    Accepted, Address, Position, Store, StoreId,
    wire::{Cell, Tile, TileId},
};
use futures_util::{Stream, TryStreamExt, stream::BoxStream};
use server_kit::{
    Answers, Connection, Database, DatabaseError, Statement, currency, damaged, from_json,
};
use sqlx::{AssertSqlSafe, query_as};
use uuid::Uuid;

use super::{
    claim_list,
    damaged::{if_whole, named_if_damaged, whole},
};

/// What parts the columns of a [`Row`]: ASCII's unit separator. No text of the register has a
/// control character.
const PARTED_BY: char = '\u{1f}';

/// A store's row as one text. The driver for any database copies each column of a row twice and
/// names it, and wakes its reader for every row.
type Row = (String,);

/// The columns of a [`Row`], in the order in which [`store`] reads them.
const COLUMNS: [&str; 19] = [
    "id",
    "reference",
    "name",
    "industry",
    "street",
    "postal_code",
    "city",
    "country",
    "phone",
    "lat_e7",
    "lon_e7",
    "footprint",
    "level",
    "currency",
    "claims",
    "beacon",
    "access_points",
    "attribution",
    "licence",
];

fn row() -> String {
    format!("concat_ws('{PARTED_BY}', {})", COLUMNS.join(", "))
}

/// Asks for the rows of the open stores that `which` says.
fn rows(which: &str) -> AssertSqlSafe<String> {
    // Names of columns, and conditions of the callers' own.
    AssertSqlSafe(text(which))
}

fn text(which: &str) -> String {
    format!("SELECT {} FROM store WHERE closed = 0 AND {which}", row())
}

/// What can be read of `rows`.
async fn read(
    rows: BoxStream<'_, Result<Row, DatabaseError>>,
) -> Result<Vec<Store>, DatabaseError> {
    stores(rows).try_collect().await
}

fn stores(
    rows: BoxStream<'_, Result<Row, DatabaseError>>,
) -> impl Stream<Item = Result<Store, DatabaseError>> {
    whole(rows).try_filter_map(async |(row,)| Ok(named_if_damaged(store(&row))))
}

/// What is in a tile, or what of it has changed since a revision that the register has had.
pub async fn of_tile(
    database: &Database,
    tile: TileId,
    since: Option<i64>,
) -> Result<Tile, DatabaseError> {
    let mut connection = database.reads().acquire().await?;
    let cells = tile.cells();
    let (first, past) = (i64::from(cells.start), i64::from(cells.end));
    // Those of one building have its outline, which is much of what there is to pack.
    let of_tile = "cell >= $1 AND cell < $2";
    let order = "ORDER BY cell, footprint, industry, id";
    let Some(since) = since else {
        let all = query_as(rows(&format!("{of_tile} {order}"))).bind(first).bind(past);
        let stores = read(all.fetch(&mut *connection)).await?;
        return Ok(Tile { stores, ..Tile::default() });
    };
    let changed = "(revision IS NULL OR revision > $3)";
    let stores = query_as(rows(&format!("{of_tile} AND {changed} {order}")));
    let stores = stores.bind(first).bind(past).bind(since);
    let stores = read(stores.fetch(&mut *connection)).await?;
    let gone = format!(
        "SELECT DISTINCT id FROM store_gone WHERE {of_tile} AND {changed} AND NOT EXISTS
             (SELECT 1 FROM store WHERE store.id = store_gone.id AND store.closed = 0
                 AND store.cell >= $1 AND store.cell < $2)
         ORDER BY id"
    );
    let gone: Vec<(String,)> = query_as(AssertSqlSafe(gone))
        .bind(first)
        .bind(past)
        .bind(since)
        .fetch_all(&mut *connection)
        .await?;
    let gone = gone.iter().filter_map(|(id,)| Uuid::parse_str(id).ok().map(StoreId));
    Ok(Tile { since: Some(since), stores, gone: gone.collect() })
}

/// How many stores each cell has, along the curve; those without are left out.
pub async fn by_cell(database: &Database) -> Result<Vec<(Cell, u32)>, DatabaseError> {
    let rows: Vec<(i64, i64)> =
        query_as("SELECT cell, COUNT(*) FROM store WHERE closed = 0 GROUP BY cell ORDER BY cell")
            .fetch_all(database.reads())
            .await?;
    let counted = |(cell, stores): (i64, i64)| {
        let cell = u32::try_from(cell).ok().and_then(Cell::numbered)?;
        Some((cell, u32::try_from(stores).unwrap_or(u32::MAX)))
    };
    Ok(rows.into_iter().filter_map(counted).collect())
}

/// Whether the register has had this revision, and remembers what is gone since.
pub async fn has_had(connection: &mut Connection, revision: i64) -> Result<bool, DatabaseError> {
    let had: Option<(i64,)> = query_as("SELECT revision FROM register_history WHERE revision = $1")
        .bind(revision)
        .fetch_optional(connection)
        .await?;
    Ok(had.is_some())
}

/// Asks for the store whose id is `id`: an expression over `$1`, which is `value`.
pub fn ask(id: &str, value: &str) -> Statement {
    Statement::new(text(&format!("id = {id}"))).bind(value)
}

/// The answer to [`ask`].
pub fn answered(answers: &mut Answers) -> Result<Option<Store>, DatabaseError> {
    let row = if_whole(answers.row::<Row>()).transpose()?.flatten();
    Ok(row.and_then(|(row,)| named_if_damaged(store(&row))))
}

/// The store with this id.
pub async fn of_id(database: &Database, id: StoreId) -> Result<Option<Store>, DatabaseError> {
    answered(&mut database.read(&[ask("$1", &id.to_string())].into()).await?)
}

/// Grows with every change to the register.
pub async fn revision(connection: &mut Connection) -> Result<i64, DatabaseError> {
    let (revision,): (i64,) =
        query_as("SELECT revision FROM register_revision").fetch_one(connection).await?;
    Ok(revision)
}

/// Reads every store of the register, in any order.
pub async fn for_each(
    connection: &mut Connection,
    mut each: impl FnMut(Store),
) -> Result<(), DatabaseError> {
    let mut stores = pin!(stores(query_as(rows("TRUE")).fetch(connection)));
    while let Some(store) = stores.try_next().await? {
        each(store);
    }
    Ok(())
}

/// Every store of the register, by id: for tools and trials, since it is held in memory whole.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(database: &Database) -> Result<Vec<Store>, DatabaseError> {
    let mut connection = database.reads().acquire().await?;
    read(query_as(rows("TRUE ORDER BY id")).fetch(&mut *connection)).await
}

/// The store that was given this beacon.
pub async fn of_beacon(
    database: &Database,
    major: u16,
    minor: u16,
) -> Result<Option<Store>, DatabaseError> {
    let mut connection = database.reads().acquire().await?;
    let asked = query_as(rows("beacon = $1")).bind(beacon_number(major, minor));
    Ok(read(asked.fetch(&mut *connection)).await?.pop())
}

/// The table's form of a (major, minor).
fn beacon_number(major: u16, minor: u16) -> i64 {
    i64::from(major) << 16 | i64::from(minor)
}

/// The (major, minor) of the table's number; `None` beyond the four thousand million there are.
fn beacon(number: i64) -> Option<(u16, u16)> {
    let major = u16::try_from(number >> 16).ok()?;
    Some((major, u16::try_from(number & 0xffff).ok()?))
}

fn store(row: &str) -> Result<Store, DatabaseError> {
    let mut texts = row.split(PARTED_BY);
    let mut columns = COLUMNS.iter();
    let mut next = || {
        let column = columns.next().copied().unwrap_or_default();
        texts.next().map(|text| Column { name: column, text }).ok_or_else(|| damaged(column))
    };
    let store = Store {
        id: StoreId(next()?.read(|text| Uuid::parse_str(text).ok())?),
        reference: next()?.text(),
        name: next()?.text(),
        industry: next()?.text(),
        address: Address {
            street: next()?.text(),
            postal_code: next()?.text(),
            city: next()?.text(),
            country: next()?.text(),
        },
        phone: next()?.text(),
        position: position(&next()?, &next()?)?,
        footprint: next()?.json()?,
        level: next()?.text(),
        currency: currency(next()?.text)?,
        accepted: claim_list::read(next()?.text).collect::<Accepted>(),
        beacon: beacon(next()?.read(|text| text.parse().ok())?),
        access_points: next()?.json()?,
        attribution: next()?.text(),
        licence: next()?.text(),
    };
    // A name with the separator in it would move all that follows.
    texts.next().is_none().then_some(store).ok_or_else(|| damaged("id"))
}

fn position(lat_e7: &Column<'_>, lon_e7: &Column<'_>) -> Result<Position, DatabaseError> {
    let degrees = |column: &Column<'_>| column.read(|text| text.parse().ok());
    Position::from_e7(degrees(lat_e7)?, degrees(lon_e7)?).map_err(|_| damaged(lat_e7.name))
}

/// One column of a [`Row`].
struct Column<'a> {
    name: &'static str,
    text: &'a str,
}

impl Column<'_> {
    fn text(&self) -> String {
        self.text.to_owned()
    }

    fn read<T>(&self, read: impl FnOnce(&str) -> Option<T>) -> Result<T, DatabaseError> {
        read(self.text).ok_or_else(|| damaged(self.name))
    }

    fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, DatabaseError> {
        from_json(self.text, self.name)
    }
}
