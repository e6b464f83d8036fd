//! Stores and their claims read from the database.

use std::{collections::HashMap, future::ready};

use domain::{
    Acceptance, Accepted, Address, Claim, Position, SchemeId, Store, StoreId, Timestamp,
    wire::TileId,
};
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use server_kit::{Database, DatabaseError, currency, damaged, from_json, from_word};
use sqlx::{FromRow, query_as};
use uuid::Uuid;

/// A row of the table `store`.
#[derive(FromRow)]
pub(super) struct StoreRow {
    id: String,
    reference: String,
    name: String,
    industry: String,
    street: String,
    postal_code: String,
    city: String,
    country: String,
    phone: String,
    lat_e7: i64,
    lon_e7: i64,
    footprint: String,
    level: String,
    currency: String,
    beacon: i64,
    access_points: String,
    attribution: String,
    licence: String,
}

/// A row of the table `claim`.
#[derive(FromRow)]
struct ClaimRow {
    store_id: String,
    scheme: String,
    channel: String,
    source: String,
    acceptance: String,
    as_of: i64,
}

/// The stores of a tile, by id.
pub async fn of_tile(database: &Database, tile: TileId) -> Result<Vec<Store>, DatabaseError> {
    let (x, y) = (i64::from(tile.x), i64::from(tile.y));
    // Stores and claims of the same moment.
    let (stores, claims) = database
        .moment(|mut moment| async move {
            let stores: Vec<StoreRow> = whole(
                query_as("SELECT * FROM store WHERE tile_x = $1 AND tile_y = $2 ORDER BY id")
                    .bind(x)
                    .bind(y)
                    .fetch(&mut *moment),
            )
            .await?;
            let claims: Vec<ClaimRow> = whole(
                query_as(
                    "SELECT claim.* FROM claim JOIN store ON store.id = claim.store_id
                     WHERE store.tile_x = $1 AND store.tile_y = $2 ORDER BY claim.place",
                )
                .bind(x)
                .bind(y)
                .fetch(&mut *moment),
            )
            .await?;
            moment.keep((stores, claims))
        })
        .await?;
    Ok(read(stores, claims))
}

/// The store with this id.
pub async fn of_id(database: &Database, id: StoreId) -> Result<Option<Store>, DatabaseError> {
    let id = &id.to_string();
    let (stores, claims) = database
        .moment(|mut moment| async move {
            let stores: Vec<StoreRow> =
                whole(query_as("SELECT * FROM store WHERE id = $1").bind(id).fetch(&mut *moment))
                    .await?;
            let claims: Vec<ClaimRow> = whole(
                query_as("SELECT * FROM claim WHERE store_id = $1 ORDER BY place")
                    .bind(id)
                    .fetch(&mut *moment),
            )
            .await?;
            moment.keep((stores, claims))
        })
        .await?;
    Ok(read(stores, claims).pop())
}

/// Every store of the register, by id: for tools and trials, since it is held in memory whole.
///
/// # Errors
/// When the database cannot be read.
pub async fn all(database: &Database) -> Result<Vec<Store>, DatabaseError> {
    let (stores, claims) = database
        .moment(|mut moment| async move {
            let stores: Vec<StoreRow> =
                whole(query_as("SELECT * FROM store ORDER BY id").fetch(&mut *moment)).await?;
            let claims: Vec<ClaimRow> =
                whole(query_as("SELECT * FROM claim ORDER BY place").fetch(&mut *moment)).await?;
            moment.keep((stores, claims))
        })
        .await?;
    Ok(read(stores, claims))
}

/// The store that was given this beacon.
pub async fn of_beacon(
    database: &Database,
    major: u16,
    minor: u16,
) -> Result<Option<Store>, DatabaseError> {
    let id: Option<(String,)> = query_as("SELECT id FROM store WHERE beacon = $1")
        .bind(beacon_number(major, minor))
        .fetch_optional(database.reads())
        .await?;
    let Some((id,)) = id else { return Ok(None) };
    of_id(database, StoreId(uuid(&id)?)).await
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

/// The rows whose columns can be read at all. They must come from one connection: the stream of a pool
/// ends at the first that cannot.
pub(super) async fn whole<T>(
    rows: BoxStream<'_, Result<T, DatabaseError>>,
) -> Result<Vec<T>, DatabaseError> {
    let is_whole = |row: Result<T, DatabaseError>| match row {
        Err(error @ (DatabaseError::ColumnDecode { .. } | DatabaseError::Decode(_))) => {
            log_damaged(&error);
            None
        }
        row => Some(row),
    };
    rows.filter_map(|row| ready(is_whole(row))).try_collect().await
}

/// What can be read of the rows: a damaged one is named in the log and left out, since one store
/// must not keep a phone from all the others.
fn read(stores: Vec<StoreRow>, claims: Vec<ClaimRow>) -> Vec<Store> {
    let mut accepted: HashMap<String, Accepted> = HashMap::new();
    for row in claims {
        let store_id = row.store_id.clone();
        if let Some(claim) = named_if_damaged(claim(row)) {
            accepted.entry(store_id).or_default().add(claim);
        }
    }
    let read = |row: StoreRow| {
        let accepted = accepted.remove(&row.id).unwrap_or_default();
        named_if_damaged(store(row, accepted))
    };
    stores.into_iter().filter_map(read).collect()
}

/// What was read, unless it is damaged, which the log then says.
pub(super) fn named_if_damaged<T>(read: Result<T, DatabaseError>) -> Option<T> {
    read.inspect_err(log_damaged).ok()
}

fn log_damaged(error: &DatabaseError) {
    let column = match error {
        DatabaseError::ColumnDecode { index, .. } => index,
        _ => "",
    };
    tracing::error!(column, "a row of the register is damaged and left out");
}

fn claim(row: ClaimRow) -> Result<Claim, DatabaseError> {
    Ok(Claim {
        scheme: SchemeId::new(&row.scheme).map_err(|_| damaged("scheme"))?,
        channel: from_word(&row.channel, "channel")?,
        acceptance: from_word::<Acceptance>(&row.acceptance, "acceptance")?,
        source: from_word(&row.source, "source")?,
        as_of: Timestamp(row.as_of),
    })
}

pub(super) fn store(row: StoreRow, accepted: Accepted) -> Result<Store, DatabaseError> {
    let degrees = |e7: i64| i32::try_from(e7).map_err(|_| damaged("lat_e7"));
    Ok(Store {
        id: StoreId(uuid(&row.id)?),
        reference: row.reference,
        name: row.name,
        industry: row.industry,
        address: Address {
            street: row.street,
            postal_code: row.postal_code,
            city: row.city,
            country: row.country,
        },
        phone: row.phone,
        position: Position::from_e7(degrees(row.lat_e7)?, degrees(row.lon_e7)?)
            .map_err(|_| damaged("lat_e7"))?,
        footprint: from_json(&row.footprint, "footprint")?,
        level: row.level,
        currency: currency(&row.currency)?,
        accepted,
        beacon: beacon(row.beacon),
        access_points: from_json(&row.access_points, "access_points")?,
        attribution: row.attribution,
        licence: row.licence,
    })
}

fn uuid(text: &str) -> Result<Uuid, DatabaseError> {
    Uuid::parse_str(text).map_err(|_| damaged("id"))
}
