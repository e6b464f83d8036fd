//! Reads: over the reader's connection, beside the writer.

use std::sync::Arc;

use domain::{
    Position, Store, StoreId, Timestamp,
    wire::{BodyDigest, KeyUse, Network, TileId},
};
use rusqlite::{OptionalExtension, params};

use super::{
    keys::{RegisterKey, address_number, tile_key, use_number},
    opening::Cache,
};
use crate::{
    entry::{Details, Nearby, StoreKey, StorePosition, level},
    sensed::{Beacon, Bssid},
};

/// What the cache remembers of a tile.
pub(crate) struct HeldTile {
    pub etag: Option<String>,
    /// Of the body it came in.
    pub body: BodyDigest,
    /// When the server last said that it is so, by the phone's clock.
    pub fetched_at: Timestamp,
}

/// A store, and the tile that it came with.
pub(crate) struct HeldStore {
    pub key: StoreKey,
    pub store: Arc<Store>,
    pub tile: TileKey,
}

/// A tile's row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TileKey(i64);

impl Cache {
    /// The stores with these keys, in the order asked; unknown keys are left out.
    pub fn stores(&self, keys: impl IntoIterator<Item = StoreKey>) -> Vec<HeldStore> {
        self.reading(|reader| {
            let mut statement =
                reader.prepare_cached("SELECT tile, record FROM store WHERE key = ?1")?;
            let mut found = Vec::new();
            for key @ StoreKey(row) in keys {
                let mut rows = statement.query(params![row])?;
                if let Some(row) = rows.next()?
                    && let Ok(store) = postcard::from_bytes(row.get_ref(1)?.as_blob()?)
                {
                    let tile = TileKey(row.get(0)?);
                    found.push(HeldStore { key, store: Arc::new(store), tile });
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

    /// A tile as it was fetched last.
    pub fn held_tile(&self, tile: TileId) -> Option<HeldTile> {
        self.reading(|reader| {
            let mut statement =
                reader.prepare_cached("SELECT etag, body, fetched_at FROM tile WHERE id = ?1")?;
            let held = |row: &rusqlite::Row<'_>| {
                Ok(HeldTile {
                    etag: row.get(0)?,
                    body: BodyDigest(row.get(1)?),
                    fetched_at: Timestamp(row.get(2)?),
                })
            };
            statement.query_row(params![tile_key(tile)], held).optional()
        })
    }

    /// When the phone was last where a tile is, as far as that was noted.
    pub fn visited_at(&self, tile: TileId) -> Option<Timestamp> {
        self.reading(|reader| {
            let mut statement =
                reader.prepare_cached("SELECT visited_at FROM tile WHERE id = ?1")?;
            let visited = |row: &rusqlite::Row<'_>| row.get(0).map(Timestamp);
            statement.query_row(params![tile_key(tile)], visited).optional()
        })
    }

    /// When the register last vouched for these tiles, the oldest; `None` while it vouches for all of
    /// them at `server_now`, its own clock. A tile that came past its time is as old as that time.
    pub fn vouched_until(
        &self,
        mut tiles: Vec<TileKey>,
        server_now: Timestamp,
    ) -> Option<Timestamp> {
        // Stores near each other share a tile.
        tiles.sort_unstable();
        tiles.dedup();
        self.reading(|reader| {
            let mut statement = reader.prepare_cached(
                "SELECT min(fetched_at, valid_until) FROM tile
                 WHERE id = ?1 AND valid_until <= ?2",
            )?;
            let mut oldest = None;
            for TileKey(tile) in tiles {
                let as_of = statement.query_row(params![tile, server_now.0], |row| row.get(0));
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
