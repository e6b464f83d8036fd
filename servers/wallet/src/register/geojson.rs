//! Stores out of GeoJSON (RFC 7946): a `FeatureCollection` of points and polygons.

use std::{fs::File, io::BufReader, path::Path};

use domain::Position;
use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

use super::{
    listed::{About, NO_STORE, listed},
    osm::{Outline, Tags},
    record::{Record, Trouble},
    sink::{Part, Sink},
};

/// Reads the file at `path` feature by feature. A feature that is none is named and left out; where
/// the JSON itself breaks off, the reading ends.
pub fn read(path: &Path, about: &About, sink: &mut Sink<'_>) {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => {
            let what = format!("cannot be opened: {}", error.kind());
            return sink.send(Part::Trouble(Trouble::new("the file", what)));
        }
    };
    let size = file.metadata().map_or(0, |about| about.len());
    let reader = sink.counted(BufReader::new(file), size);
    let mut reading = serde_json::Deserializer::from_reader(BufReader::new(reader));
    let collection = Collection { about, sink };
    let read = collection.deserialize(&mut reading).and_then(|()| reading.end());
    if let Err(error) = read {
        let place = format!("line {}, column {}", error.line(), error.column());
        let what =
            if error.is_eof() { "the file is cut short" } else { "not GeoJSON from here on" };
        sink.send(Part::Trouble(Trouble::new(place, what)));
    }
}

struct Collection<'a, 'b> {
    about: &'a About,
    sink: &'a mut Sink<'b>,
}

impl<'de> DeserializeSeed<'de> for Collection<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Collection<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a FeatureCollection")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "features" {
                map.next_value_seed(Features { about: self.about, sink: &mut *self.sink })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Features<'a, 'b> {
    about: &'a About,
    sink: &'a mut Sink<'b>,
}

impl<'de> DeserializeSeed<'de> for Features<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut features: A) -> Result<(), A::Error> {
        let mut nth = 0_u64;
        while let Some(feature) = features.next_element::<Value>()? {
            nth += 1;
            self.sink.send(Part::Read(1));
            match record(feature, nth, self.about) {
                Ok(Some(record)) => self.sink.record(record),
                Ok(None) => self.sink.send(Part::Skipped(NO_STORE, 1)),
                Err(what) => {
                    let trouble = Trouble::new(format!("feature {nth}"), what);
                    self.sink.send(Part::Trouble(trouble));
                }
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Feature {
    id: Option<Value>,
    geometry: Option<Geometry>,
    properties: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Point(Vec<f64>),
    Polygon(Vec<Vec<Vec<f64>>>),
    MultiPolygon(Vec<Vec<Vec<Vec<f64>>>>),
}

fn record(feature: Value, nth: u64, about: &About) -> Result<Option<Record>, String> {
    let feature: Feature = serde_json::from_value(feature)
        .map_err(|_| "not a feature with a Point, Polygon or MultiPolygon".to_owned())?;
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        _ => None,
    };
    let properties = feature.properties.unwrap_or_default();
    let tags: Tags =
        properties.iter().filter_map(|(key, value)| Some((key, text(value)?))).collect();
    let id = feature.id.as_ref().and_then(text);
    let (position, footprint) = place(feature.geometry.ok_or("the feature has no geometry")?)?;
    // Without an id of its own a feature is known by its place in the file.
    let reference = id.unwrap_or_else(|| format!("feature/{nth}"));
    Ok(listed(&tags, reference, (position, footprint), about))
}

fn place(geometry: Geometry) -> Result<(Position, Vec<Position>), String> {
    let position = |at: &[f64]| match at {
        // Longitude comes first in GeoJSON; a height may follow.
        [lon, lat, ..] => Position::from_degrees(*lat, *lon).ok(),
        _ => None,
    };
    let outline = |rings: &Vec<Vec<Vec<f64>>>| {
        let outer = rings.first()?;
        Outline::new(outer.iter().map(|at| position(at)).collect::<Option<_>>()?)
    };
    let rings = match geometry {
        Geometry::Point(at) => {
            let at = position(&at).ok_or("the position is not on the earth")?;
            return Ok((at, Vec::new()));
        }
        Geometry::Polygon(rings) => vec![rings],
        Geometry::MultiPolygon(polygons) => polygons,
    };
    let largest = rings.iter().filter_map(outline).max_by(|a, b| a.area().total_cmp(&b.area()));
    let largest = largest.ok_or("the outline has no area")?;
    let inside = largest.inside().ok_or("the outline has no inside")?;
    Ok((inside, largest.corners()))
}
