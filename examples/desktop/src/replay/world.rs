//! The stores of a world file and their anchors, as the judgement's `Nearby`.

use std::{collections::HashMap, path::Path};

use anyhow::Context;
use domain::{Position, StoreId};
use serde::Deserialize;
use tillsight::{
    entry::{Details, Nearby, Place},
    sensed::{Beacon, Bssid},
};

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
    /// Reads both files.
    ///
    /// # Errors
    /// When one cannot be read or a line is not of the format.
    pub fn read(world: &Path, anchors: &Path) -> anyhow::Result<Self> {
        let mut read = Self {
            stores: Vec::new(),
            buildings: HashMap::new(),
            beacons: HashMap::new(),
            access_points: HashMap::new(),
            ids: HashMap::new(),
        };
        for line in lines(world)? {
            match line? {
                Line::Store { id, lat, lon, level, bldg } => {
                    let position = Position::from_degrees(lat, lon).context(id.clone())?;
                    read.ids.insert(store_id(&id), read.stores.len());
                    read.stores.push(WorldStore {
                        name: id,
                        position,
                        level: level.as_deref().and_then(tillsight::entry::level),
                        building: bldg,
                        beacon: None,
                        access_point: None,
                    });
                }
                Line::Bldg { id, ring } => {
                    let ring = ring
                        .iter()
                        .map(|&(lon, lat)| Position::from_degrees(lat, lon))
                        .collect::<Result<_, _>>()
                        .context(id.clone())?;
                    read.buildings.insert(id, ring);
                }
                Line::Meta {} | Line::Street {} => {}
            }
        }
        for anchor in lines::<Anchor>(anchors)? {
            let anchor = anchor?;
            let Some(&index) = read.ids.get(&store_id(&anchor.store)) else { continue };
            let Some(store) = read.stores.get_mut(index) else { continue };
            if let Some(AnchorBeacon { major, minor }) = anchor.beacon {
                store.beacon = Some(Beacon { major, minor });
                read.beacons.insert(Beacon { major, minor }, index);
            }
            if let Some(address) = anchor.bssid.as_deref().and_then(Bssid::parse) {
                store.access_point = Some(address);
                read.access_points.insert(address, index);
            }
        }
        Ok(read)
    }

    /// The world's own name of a store.
    pub fn name(&self, key: i64) -> &str {
        usize::try_from(key)
            .ok()
            .and_then(|index| self.stores.get(index))
            .map_or("", |store| store.name.as_str())
    }

    fn place(&self, index: usize) -> Option<Place> {
        let position = self.stores.get(index)?.position;
        Some(Place { key: i64::try_from(index).ok()?, position })
    }
}

/// The id the judgement knows a store by.
pub fn store_id(name: &str) -> StoreId {
    StoreId::of_record("world", name)
}

impl Nearby for World {
    fn within(&self, centre: Position, radius_m: f64, out: &mut Vec<Place>) {
        let per_lon = METRES_PER_DEGREE * centre.lat().to_radians().cos();
        out.extend((0..self.stores.len()).filter_map(|index| self.place(index)).filter(|place| {
            let north = (place.position.lat() - centre.lat()) * METRES_PER_DEGREE;
            let east = (place.position.lon() - centre.lon()) * per_lon;
            north.abs() <= radius_m && east.abs() <= radius_m
        }));
    }

    fn by_beacon(&self, beacon: Beacon) -> Option<Place> {
        self.place(*self.beacons.get(&beacon)?)
    }

    fn by_access_point(&self, address: Bssid) -> Option<Place> {
        self.place(*self.access_points.get(&address)?)
    }

    fn by_id(&self, id: StoreId) -> Option<Place> {
        self.place(*self.ids.get(&id)?)
    }

    fn details(&self, keys: &[i64], out: &mut Vec<Details>) {
        out.extend(keys.iter().filter_map(|&key| {
            let store = self.stores.get(usize::try_from(key).ok()?)?;
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

fn lines<T: serde::de::DeserializeOwned>(
    path: &Path,
) -> anyhow::Result<impl Iterator<Item = anyhow::Result<T>>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let parsed: Vec<_> = text
        .lines()
        .enumerate()
        .map(|(index, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("{}, line {}", path.display(), index + 1))
        })
        .collect();
    Ok(parsed.into_iter())
}
