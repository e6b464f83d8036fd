//! Reads: over the reader's connection, beside the writer.

use std::sync::Arc;

use domain::{
    Position, Store, StoreId, Timestamp, order,
    wire::{Cell, KeyUse, Network, TileId},
};
use rusqlite::{OptionalExtension, params};

use super::{
    keys::{RegisterKey, address_number, use_number},
    opening::Cache,
    parts::{HeldTile, parts},
};
use crate::{
    entry::{Details, Nearby, StoreKey, StorePosition, level},
    sensed::{Beacon, Bssid},
};

/// The list of tiles as it came.
pub(crate) struct HeldList {
    pub etag: Option<String>,
    pub body: Vec<u8>,
    /// When the server last said that it is so, by the phone's clock.
    pub fetched_at: Timestamp,
}

/// A store, and the cell that it is in.
pub(crate) struct HeldStore {
    pub key: StoreKey,
    pub store: Arc<Store>,
    pub cell: CellKey,
}

/// A cell's number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CellKey(i64);

/// The row of the run of cells that a cell is in, if the phone has it.
const OF_CELL: &str = "(SELECT first FROM tile WHERE first <= ?1 ORDER BY first DESC LIMIT 1)";

impl Cache {
    /// The stores with these keys, in the order asked; unknown keys are left out.
    pub fn stores(&self, keys: impl IntoIterator<Item = StoreKey>) -> Vec<HeldStore> {
        self.reading(|reader| {
            let mut statement =
                reader.prepare_cached("SELECT cell, record FROM store WHERE key = ?1")?;
            let mut found = Vec::new();
            for key @ StoreKey(row) in keys {
                let mut rows = statement.query(params![row])?;
                if let Some(row) = rows.next()?
                    && let Ok(store) = postcard::from_bytes(row.get_ref(1)?.as_blob()?)
                {
                    let cell = CellKey(row.get(0)?);
                    found.push(HeldStore { key, store: Arc::new(store), cell });
                }
            }
            Ok(Some(found))
        })
        .unwrap_or_default()
    }

    /// The description of the network, once there was one.
    pub fn network(&self) -> Option<Network> {
        let record: Vec<u8> = self.reading(|reader| {
            reader.query_row("SELECT record FROM network", [], |row| row.get(0)).optional()
        })?;
        postcard::from_bytes(&record).ok()
    }

    /// The key of a store, if the cache has it.
    pub fn key_of(&self, id: StoreId) -> Option<StoreKey> {
        self.reading(|reader| {
            let mut statement = reader.prepare_cached("SELECT key FROM store WHERE id = ?1")?;
            statement.query_row(params![id.0.as_bytes()], store_key).optional()
        })
    }

    /// A tile as it was fetched last; `None` unless all of its cells were.
    pub fn held_tile(&self, tile: TileId) -> Option<HeldTile> {
        self.reading(|reader| Ok(parts(reader, tile)?.whole(tile)))
    }

    /// The list of tiles, once there was one.
    pub fn tile_list(&self) -> Option<HeldList> {
        self.reading(|reader| {
            let query = "SELECT etag, body, fetched_at FROM tile_list";
            let held = |row: &rusqlite::Row<'_>| {
                Ok(HeldList {
                    etag: row.get(0)?,
                    body: row.get(1)?,
                    fetched_at: Timestamp(row.get(2)?),
                })
            };
            reader.query_row(query, [], held).optional()
        })
    }

    /// When the phone was last where a cell is, as far as that was noted.
    pub fn visited_at(&self, cell: Cell) -> Option<Timestamp> {
        self.reading(|reader| {
            let query =
                format!("SELECT visited_at FROM tile WHERE first = {OF_CELL} AND past > ?1");
            let mut statement = reader.prepare_cached(&query)?;
            let visited = |row: &rusqlite::Row<'_>| row.get(0).map(Timestamp);
            statement.query_row(params![cell.number()], visited).optional()
        })
    }

    /// When the register last vouched for what is in these cells, the oldest; `None` while it vouches for
    /// all of it at `server_now`, its own clock. What came past its time is as old as that time.
    pub fn vouched_until(
        &self,
        mut cells: Vec<CellKey>,
        server_now: Timestamp,
    ) -> Option<Timestamp> {
        // Stores near each other share a cell.
        order::sort(&mut cells);
        cells.dedup();
        self.reading(|reader| {
            let query = format!(
                "SELECT min(fetched_at, valid_until) FROM tile
                 WHERE first = {OF_CELL} AND past > ?1 AND valid_until <= ?2"
            );
            let mut statement = reader.prepare_cached(&query)?;
            let mut oldest = None;
            for CellKey(cell) in cells {
                let as_of = statement.query_row(params![cell, server_now.0], |row| row.get(0));
                let as_of: Option<i64> = as_of.optional()?;
                oldest = [oldest, as_of].into_iter().flatten().min();
            }
            Ok(oldest.map(Timestamp))
        })
    }

    /// The register's keys that sign this.
    pub fn register_keys(&self, signs: KeyUse) -> Vec<RegisterKey> {
        self.reading(|reader| {
            let mut statement = reader.prepare_cached(
                "SELECT ed25519, revoked FROM register_key WHERE signs = ?1 ORDER BY 1",
            )?;
            let key = |row: &rusqlite::Row<'_>| {
                Ok(RegisterKey { ed25519: row.get(0)?, revoked: row.get(1)? })
            };
            let rows = statement.query_map(params![use_number(signs)], key)?;
            rows.collect::<Result<Vec<_>, _>>().map(Some)
        })
        .unwrap_or_default()
    }

    fn place(&self, StoreKey(key): StoreKey) -> Option<StorePosition> {
        self.reading(|reader| {
            let mut statement =
                reader.prepare_cached("SELECT key, south, west FROM place WHERE key = ?1")?;
            statement.query_row(params![key], place).optional().map(Option::flatten)
        })
    }
}

fn store_key(row: &rusqlite::Row<'_>) -> Result<StoreKey, rusqlite::Error> {
    row.get(0).map(StoreKey)
}

fn place(row: &rusqlite::Row<'_>) -> Result<Option<StorePosition>, rusqlite::Error> {
    let position = Position::from_e7(row.get(1)?, row.get(2)?);
    let key = store_key(row)?;
    Ok(position.ok().map(|position| StorePosition { key, position }))
}

/// Metres in a degree of latitude, and in one of longitude on the equator.
const METRES_A_DEGREE: f64 = 111_320.0;

/// The box round a circle, in 1e-7 degrees: south, north, west, east. Across the antimeridian it is
/// cut at it: no store register has a store there.
fn around(centre: Position, radius_m: f64) -> [i32; 4] {
    let lat_step = radius_m / METRES_A_DEGREE;
    let lon_step = lat_step / centre.lat().to_radians().cos().max(0.01);
    let e7 = |degrees: f64| (degrees * 1e7) as i32;
    [
        e7(centre.lat() - lat_step),
        e7(centre.lat() + lat_step),
        e7((centre.lon() - lon_step).max(-180.0)),
        e7((centre.lon() + lon_step).min(180.0)),
    ]
}

impl Nearby for Cache {
    fn within(&self, centre: Position, radius_m: f64, out: &mut Vec<StorePosition>) {
        let [south, north, west, east] = around(centre, radius_m);
        self.reading(|reader| {
            let mut statement = reader.prepare_cached(
                "SELECT key, south, west FROM place
                 WHERE south <= ?2 AND north >= ?1 AND west <= ?4 AND east >= ?3",
            )?;
            let mut rows = statement.query(params![south, north, west, east])?;
            while let Some(row) = rows.next()? {
                out.extend(place(row)?);
            }
            Ok(Some(()))
        });
    }

    fn by_beacon(&self, beacon: Beacon) -> Option<StorePosition> {
        let key = self.reading(|reader| {
            let mut statement = reader.prepare_cached("SELECT key FROM store WHERE beacon = ?1")?;
            let number = i64::from(beacon.major) << 16 | i64::from(beacon.minor);
            statement.query_row(params![number], store_key).optional()
        })?;
        self.place(key)
    }

    fn by_access_point(&self, address: Bssid) -> Option<StorePosition> {
        let key = self.reading(|reader| {
            let mut statement =
                reader.prepare_cached("SELECT store FROM access_point WHERE address = ?1")?;
            let number = address_number(address);
            statement.query_row(params![number], store_key).optional()
        })?;
        self.place(key)
    }

    fn by_id(&self, id: StoreId) -> Option<StorePosition> {
        self.place(self.key_of(id)?)
    }

    fn details(&self, keys: &[StoreKey], out: &mut Vec<Details>) {
        out.extend(self.stores(keys.iter().copied()).into_iter().map(
            |HeldStore { key, store, .. }| {
                let beacon = store.beacon.map(|(major, minor)| Beacon { major, minor });
                Details {
                    key,
                    beacon,
                    access_points: store.access_points.clone(),
                    level: level(&store.level),
                    footprint: store.footprint.clone(),
                }
            },
        ));
    }
}
