//! The stores of a world file and their anchors, as the judgement's `Nearby`.

use std::{collections::HashMap, path::Path};

use anyhow::Context;
use domain::{Position, StoreId};
use serde::Deserialize;
use tillsight::{
    entry::{Details, Nearby, StoreKey, StorePosition},
    sensed::{Beacon, Bssid},
};

use super::unread::Unread;

/// Metres per degree of latitude.
const METRES_PER_DEGREE: f64 = 111_195.08;

/// The stores, keyed by their line.
pub struct World {
    stores: Vec<WorldStore>,
    buildings: HashMap<String, Vec<Position>>,
    beacons: HashMap<Beacon, usize>,
    access_points: HashMap<Bssid, usize>,
    ids: HashMap<StoreId, usize>,
}

struct WorldStore {
    name: String,
    position: Position,
    level: Option<f32>,
    building: Option<String>,
    beacon: Option<Beacon>,
    access_point: Option<Bssid>,
}

#[derive(Deserialize)]
#[serde(tag = "t", rename_all = "lowercase")]
enum Line {
    Meta {},
    Store { id: String, lat: f64, lon: f64, level: Option<String>, bldg: Option<String> },
    Bldg { id: String, ring: Vec<(f64, f64)> },
    Street {},
}

#[derive(Deserialize)]
struct Anchor {
    store: String,
    beacon: Option<AnchorBeacon>,
    bssid: Option<String>,
}

#[derive(Deserialize)]
struct AnchorBeacon {
    major: u16,
    minor: u16,
}

impl World {
    /// Reads both files. Lines that are of neither are reported and left out.
    ///
    /// # Errors
    /// When one cannot be read, or the world holds no store.
    pub fn read(world: &Path, anchors: &Path, unread: &mut Unread) -> anyhow::Result<Self> {
        let mut read = Self {
            stores: Vec::new(),
            buildings: HashMap::new(),
            beacons: HashMap::new(),
            access_points: HashMap::new(),
            ids: HashMap::new(),
        };
        for (number, line) in unread.lines(world)? {
            if let Err(problem) = read.take(line) {
                unread.at(world, number, problem);
            }
        }
        anyhow::ensure!(!read.stores.is_empty(), "{} holds no store", world.display());
        for (number, anchor) in unread.lines(anchors)? {
            if let Err(problem) = read.anchor(anchor) {
                unread.at(anchors, number, problem);
            }
        }
        Ok(read)
    }

    fn take(&mut self, line: Line) -> anyhow::Result<()> {
        match line {
            Line::Store { id, lat, lon, level, bldg } => {
                let position = Position::from_degrees(lat, lon).context(id.clone())?;
                self.ids.insert(store_id(&id), self.stores.len());
                self.stores.push(WorldStore {
                    name: id,
                    position,
                    level: level.as_deref().and_then(tillsight::entry::level),
                    building: bldg,
                    beacon: None,
                    access_point: None,
                });
            }
            Line::Bldg { id, ring } => {
                let corners = ring.iter().map(|&(lon, lat)| Position::from_degrees(lat, lon));
                let ring = corners.collect::<Result<_, _>>().context(id.clone())?;
                self.buildings.insert(id, ring);
            }
            Line::Meta {} | Line::Street {} => {}
        }
        Ok(())
    }

    fn anchor(&mut self, anchor: Anchor) -> anyhow::Result<()> {
        let index = self.ids.get(&store_id(&anchor.store)).copied();
        let index = index.with_context(|| format!("no store {} in the world", anchor.store))?;
        let store = self.stores.get_mut(index).context("no such store")?;
        if let Some(text) = anchor.bssid {
            let address = Bssid::parse(&text).with_context(|| format!("{text} is no address"))?;
            store.access_point = Some(address);
            self.access_points.insert(address, index);
        }
        if let Some(AnchorBeacon { major, minor }) = anchor.beacon {
            store.beacon = Some(Beacon { major, minor });
            self.beacons.insert(Beacon { major, minor }, index);
        }
        Ok(())
    }

    /// The world's own name of a store.
    pub fn name(&self, StoreKey(key): StoreKey) -> &str {
        usize::try_from(key)
            .ok()
            .and_then(|index| self.stores.get(index))
            .map_or("", |store| store.name.as_str())
    }

    fn place(&self, index: usize) -> Option<StorePosition> {
        let position = self.stores.get(index)?.position;
        Some(StorePosition { key: StoreKey(i64::try_from(index).ok()?), position })
    }
}

/// The id the judgement knows a store by.
pub fn store_id(name: &str) -> StoreId {
    StoreId::of_record("world", name)
}

impl Nearby for World {
    fn within(&self, centre: Position, radius_m: f64, out: &mut Vec<StorePosition>) {
        let per_lon = METRES_PER_DEGREE * centre.lat().to_radians().cos();
        out.extend((0..self.stores.len()).filter_map(|index| self.place(index)).filter(|place| {
            let north = (place.position.lat() - centre.lat()) * METRES_PER_DEGREE;
            let east = (place.position.lon() - centre.lon()) * per_lon;
            north.abs() <= radius_m && east.abs() <= radius_m
        }));
    }

    fn by_beacon(&self, beacon: Beacon) -> Option<StorePosition> {
        self.place(*self.beacons.get(&beacon)?)
    }

    fn by_access_point(&self, address: Bssid) -> Option<StorePosition> {
        self.place(*self.access_points.get(&address)?)
    }

    fn by_id(&self, id: StoreId) -> Option<StorePosition> {
        self.place(*self.ids.get(&id)?)
    }

    fn details(&self, keys: &[StoreKey], out: &mut Vec<Details>) {
        out.extend(keys.iter().filter_map(|&key| {
            let store = self.stores.get(usize::try_from(key.0).ok()?)?;
            let building = store.building.as_ref().and_then(|id| self.buildings.get(id));
            Some(Details {
                key,
                beacon: store.beacon,
                access_points: store.access_point.into_iter().collect(),
                level: store.level,
                footprint: building.cloned().unwrap_or_default(),
            })
        }));
    }
}
