//! Stores out of GeoJSON (RFC 7946): features with one clear place, in collections, alone, one a
//! line or in a text sequence (RFC 8142).

use std::{io::BufReader, path::Path};

use domain::Position;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    cut::{Cut, Piece},
    encoding,
    listed::{About, NO_STORE, listed},
    osm::Outline,
    record::{Record, Trouble},
    sink::{Part, Sink},
    tags::Tags,
};

/// Reads the file at `path` feature by feature. A malformed feature is named and left out.
pub fn read(path: &Path, about: &About, sink: &mut Sink) {
    // What the positions are in may be said after the features.
    let read = foreign_reference(path, sink).and_then(|foreign| match foreign {
        Some(name) => Err(Trouble::new(
            "the file",
            format!("its positions are in {name:.80} and not in WGS 84: convert them to EPSG:4326"),
        )),
        None => features(path, about, sink),
    });
    if let Err(trouble) = read {
        sink.send(Part::Trouble(trouble));
    }
}

fn pieces(
    path: &Path,
    sink: &mut Sink,
    each: &mut dyn FnMut(Piece, &mut Sink),
) -> Result<(), Trouble> {
    let mut cut = Cut::new(BufReader::new(encoding::open(path, sink)?));
    loop {
        match cut.next() {
            Ok(Some(piece)) => each(piece, sink),
            Ok(None) => return Ok(()),
            Err(error) => {
                let what = format!("cannot be read: {}", error.kind());
                return Err(Trouble::new("the file", what));
            }
        }
    }
}

/// The first reference system a file names that is not WGS 84.
fn foreign_reference(path: &Path, sink: &mut Sink) -> Result<Option<String>, Trouble> {
    #[derive(Deserialize)]
    struct Named {
        crs: Option<Value>,
    }
    let mut foreign = None;
    pieces(path, sink, &mut |piece, _| {
        if let Piece::Object { bytes, .. } = piece
            && let Ok(Named { crs: Some(crs) }) = serde_json::from_slice(&bytes)
            && !is_wgs84(&crs)
        {
            foreign.get_or_insert(name_of(&crs));
        }
    })?;
    Ok(foreign)
}

/// Reference systems that are WGS 84 or within a metre or two of it: ETRS89, NAD83, JGD2000 and
/// JGD2011, GDA94 and GDA2020, NZGD2000, SIRGAS 2000, RGF93, CGCS2000.
const AS_WGS84: [&str; 18] = [
    "4326", "4979", "4258", "4937", "4269", "6318", "4612", "4947", "6668", "6697", "4283", "7844",
    "4167", "4674", "4171", "4490", "84", "CRS84H",
];

/// What a `crs` member calls its reference system.
fn name_of(crs: &Value) -> String {
    let of = |key: &str| crs.get("properties").and_then(|properties| properties.get(key));
    let name = of("name").or(of("code")).or(of("href")).unwrap_or(crs);
    name.as_str().map_or_else(|| name.to_string(), str::to_owned)
}

fn is_wgs84(crs: &Value) -> bool {
    let name = name_of(crs).to_uppercase();
    // `urn:ogc:def:crs:EPSG::4326`, `EPSG:4326`, `http://www.opengis.net/def/crs/EPSG/0/4326`,
    // `urn:ogc:def:crs:OGC:1.3:CRS84`, `WGS 84`.
    let last = name.rsplit([':', '/', ' ']).next().unwrap_or_default();
    let last = last.trim_start_matches("CRS").trim_start_matches("WGS");
    AS_WGS84.contains(&last) || name.ends_with("CRS84H")
}

fn features(path: &Path, about: &About, sink: &mut Sink) -> Result<(), Trouble> {
    let mut nth = 0_u64;
    let mut some = false;
    pieces(path, sink, &mut |piece, sink| {
        some = true;
        let feature = match piece {
            Piece::Feature(bytes) => bytes,
            Piece::Object { has_features: true, .. } => return,
            Piece::Object { bytes, .. } => bytes,
            Piece::Broken(what, at) => {
                let place = format!("line {}, column {}", at.line, at.column);
                return sink.send(Part::Trouble(Trouble::new(place, what)));
            }
        };
        nth += 1;
        sink.send(Part::Read(1));
        match record(&feature, about) {
            Ok(record) => sink.record(record),
            Err(Left::Skipped(why)) => sink.send(Part::Skipped(why.to_owned(), 1)),
            Err(Left::Fault(what)) => {
                sink.send(Part::Trouble(Trouble::new(format!("feature {nth}"), what)));
            }
        }
    })?;
    if some { Ok(()) } else { Err(Trouble::new("the file", "it is empty")) }
}

/// Why a feature is no store.
enum Left {
    /// It says something else.
    Skipped(&'static str),
    /// What is wrong with it.
    Fault(&'static str),
}

#[derive(Deserialize)]
struct Feature {
    #[serde(rename = "type")]
    kind: Value,
    id: Option<Value>,
    geometry: Option<Geometry>,
    properties: Option<Map<String, Value>>,
}

/// A geometry of any type.
#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: Value,
    #[serde(default)]
    geometries: Vec<Geometry>,
}

fn record(feature: &[u8], about: &About) -> Result<Record, Left> {
    let feature: Feature = serde_json::from_slice(feature).map_err(|error| {
        Left::Fault(if error.is_data() { "not a GeoJSON feature" } else { "not JSON" })
    })?;
    match feature.kind.as_str() {
        Some("Feature") => {}
        Some(
            "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon"
            | "GeometryCollection",
        ) => return Err(Left::Skipped(NO_STORE)),
        _ => return Err(Left::Fault("not a GeoJSON feature")),
    }
    let properties = feature.properties.unwrap_or_default();
    let tags: Tags =
        properties.iter().filter_map(|(key, value)| Some((key, text(key, value)?))).collect();
    let id = feature.id.as_ref().and_then(|id| text("id", id));
    let geometry = feature.geometry.ok_or(Left::Fault("the feature has no geometry"))?;
    let place = place(&geometry).map_err(Left::Fault)?;
    listed(&tags, id, place, about).map_err(Left::Skipped)
}

/// A property as a list would write it.
fn text(key: &str, value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        // Of a payment `false` is not yet a refusal.
        Value::Bool(yes) if key.starts_with("payment:") => Some(yes.to_string()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        _ => None,
    }
}

type Ring = Vec<Vec<f64>>;

const OFF_EARTH: &str = "the position is not on the earth";
const SEVERAL: &str = "the feature has several places";
const NO_PLACE: &str = "the feature has neither a point nor an area";

/// Where a geometry is, and its outline if it has one.
fn place(geometry: &Geometry) -> Result<(Position, Vec<Position>), &'static str> {
    let mut points = Vec::new();
    let mut areas = Vec::new();
    collect(geometry, &mut points, &mut areas)?;
    points.dedup();
    let largest = areas.into_iter().max_by(|a, b| a.area().total_cmp(&b.area()));
    let corners = || largest.as_ref().map(Outline::corners).unwrap_or_default();
    match (points.as_slice(), &largest) {
        ([point], _) => Ok((*point, corners())),
        ([], Some(outline)) => {
            Ok((outline.inside().ok_or("the outline has no inside")?, corners()))
        }
        ([], None) => Err(NO_PLACE),
        _ => Err(SEVERAL),
    }
}

fn collect(
    geometry: &Geometry,
    points: &mut Vec<Position>,
    areas: &mut Vec<Outline>,
) -> Result<(), &'static str> {
    fn of<T: serde::de::DeserializeOwned>(coordinates: &Value) -> Result<T, &'static str> {
        T::deserialize(coordinates).map_err(|_| "the coordinates are not those of its geometry")
    }
    let coordinates = &geometry.coordinates;
    match geometry.kind.as_str() {
        "Point" => points.push(position(&of::<Vec<f64>>(coordinates)?).ok_or(OFF_EARTH)?),
        "MultiPoint" => {
            for point in of::<Vec<Vec<f64>>>(coordinates)? {
                points.push(position(&point).ok_or(OFF_EARTH)?);
            }
        }
        "Polygon" => areas.push(outline(&of::<Vec<Ring>>(coordinates)?)?),
        "MultiPolygon" => {
            let drawn: Vec<_> =
                of::<Vec<Vec<Ring>>>(coordinates)?.iter().map(|rings| outline(rings)).collect();
            let faulty = drawn.iter().find_map(|area| area.as_ref().err().copied());
            let before = areas.len();
            areas.extend(drawn.into_iter().flatten());
            if let Some(what) = faulty.filter(|_| areas.len() == before) {
                return Err(what);
            }
        }
        "GeometryCollection" => {
            for part in &geometry.geometries {
                collect(part, points, areas)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Longitude comes first in GeoJSON; a height may follow.
fn position(at: &[f64]) -> Option<Position> {
    match at {
        [lon, lat, ..] => Position::from_degrees(*lat, *lon).ok(),
        _ => None,
    }
}

fn outline(rings: &[Ring]) -> Result<Outline, &'static str> {
    let ring = |ring: &Ring| ring.iter().map(|at| position(at)).collect::<Option<Vec<_>>>();
    let mut rings = rings.iter().map(ring);
    let outer = rings.next().ok_or("the outline has no area")?.ok_or(OFF_EARTH)?;
    let holes: Vec<_> = rings.flatten().collect();
    Outline::new(&outer, &holes).ok_or("the outline has no area")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_system_is_wgs_84_or_told_by_its_name() {
        let named = |name: &str| json!({"type": "name", "properties": {"name": name}});
        for name in [
            "urn:ogc:def:crs:OGC:1.3:CRS84",
            "urn:ogc:def:crs:OGC::CRS84h",
            "urn:ogc:def:crs:EPSG::4326",
            "EPSG:4326",
            "http://www.opengis.net/def/crs/EPSG/0/4326",
            "WGS 84",
            "WGS84",
            "EPSG:6668",
        ] {
            assert!(is_wgs84(&named(name)), "{name}");
        }
        for name in ["urn:ogc:def:crs:EPSG::4301", "EPSG:3857", "Tokyo", "EPSG:32633"] {
            assert!(!is_wgs84(&named(name)), "{name}");
            assert_eq!(name_of(&named(name)), name);
        }
        assert!(is_wgs84(&json!({"type": "EPSG", "properties": {"code": 4326}})));
        assert!(!is_wgs84(&json!({"type": "link", "properties": {"href": "http://x/y.prj"}})));
    }
}
