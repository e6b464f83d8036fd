//! The city as the page draws it: streets, buildings and stores in metres round a middle.

use std::path::Path;

use domain::{Position, Store};
use serde::Serialize;
use wallet_server::register;

/// Metres in a degree of latitude.
const METRES_A_DEGREE: f64 = 111_320.0;

/// How the name of an extract's file ends.
pub const ENDING: &str = ".osm.pbf";

/// East and north of the city's middle, metres.
pub type Spot = (f64, f64);

/// The map, and the way from its metres to the earth's degrees and back.
pub struct City {
    middle: Position,
    /// What the page is sent.
    pub map: Map,
}

/// What the page draws; all of it is the extract's.
#[derive(Serialize)]
pub struct Map {
    /// Whom to thank for it.
    attribution: String,
    /// Each a street with its kind (`residential`) and its corners.
    pub streets: Vec<Street>,
    /// Each a building's outline.
    buildings: Vec<Vec<Spot>>,
    /// Every store of the register.
    stores: Vec<Mark>,
}

/// A street.
#[derive(Serialize)]
pub struct Street {
    kind: String,
    name: String,
    /// Its corners.
    pub line: Vec<Spot>,
}

/// A store on the map.
#[derive(Serialize)]
struct Mark {
    id: String,
    name: String,
    industry: String,
    at: Spot,
    beacon: bool,
    wifi: bool,
}

impl City {
    /// The map of the extract at `file`, with these stores, round the first of them; `has_beacon` says
    /// whose beacons are on the air.
    pub fn read(file: &Path, stores: &[Store], has_beacon: impl Fn(&Store) -> bool) -> Self {
        let mut city = Self {
            middle: middle(stores),
            map: Map {
                attribution: stores.first().map(|it| it.attribution.clone()).unwrap_or_default(),
                streets: Vec::new(),
                buildings: Vec::new(),
                stores: Vec::new(),
            },
        };
        for register::Drawn { kind, name, places } in register::drawing(file) {
            let line: Vec<Spot> = places.into_iter().map(|place| city.spot(place)).collect();
            if kind == "building" {
                city.map.buildings.push(line);
            } else {
                city.map.streets.push(Street { kind, name, line });
            }
        }
        let mark = |store: &Store| Mark {
            id: store.id.to_string(),
            name: store.name.clone(),
            industry: store.industry.clone(),
            at: city.spot(store.position),
            beacon: has_beacon(store),
            wifi: !store.access_points.is_empty(),
        };
        city.map.stores = stores.iter().map(mark).collect();
        city
    }

    fn metres_a_degree_east(&self) -> f64 {
        METRES_A_DEGREE * self.middle.lat().to_radians().cos().max(0.01)
    }

    /// Where a place of the earth is on the map, to a decimetre.
    pub fn spot(&self, place: Position) -> Spot {
        let round = |metres: f64| (metres * 10.0).round() / 10.0;
        let east = (place.lon() - self.middle.lon()) * self.metres_a_degree_east();
        (round(east), round((place.lat() - self.middle.lat()) * METRES_A_DEGREE))
    }

    /// Degrees north and east of a spot of the map.
    pub fn degrees(&self, (east, north): Spot) -> (f64, f64) {
        let lat = self.middle.lat() + north / METRES_A_DEGREE;
        (lat, self.middle.lon() + east / self.metres_a_degree_east())
    }
}

fn middle(stores: &[Store]) -> Position {
    let count = stores.len().max(1) as f64;
    let mean = |of: fn(&Store) -> f64| stores.iter().map(of).sum::<f64>() / count;
    let (lat, lon) = (mean(|it| it.position.lat()), mean(|it| it.position.lon()));
    Position::from_degrees(lat, lon).unwrap_or(stores[0].position)
}

/// A world is named as its file, without the ending.
pub fn name_of(file: &Path) -> String {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.strip_suffix(ENDING).unwrap_or(&name).to_owned()
}

/// Metres from one spot to another.
pub fn apart(a: Spot, b: Spot) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}
