//! Stores out of CSV (RFC 4180, UTF-8, first row the names of the columns).

use std::{collections::BTreeMap, fs::File, io::BufReader, path::Path, str::FromStr};

use csv::StringRecord;
use domain::Position;

use super::{
    listed::{About, NO_STORE, listed},
    osm::Tags,
    record::{Record, Trouble},
    sink::{Part, Sink},
};

/// Which column holds what, where its name is not what it holds: `lon=lng,industry=genre`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns(BTreeMap<String, String>);

impl FromStr for Columns {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let pair = |pair: &str| {
            let (key, column) = pair.split_once('=').ok_or(format!("{pair}: not KEY=COLUMN"))?;
            Ok((key.trim().to_owned(), column.trim().to_owned()))
        };
        text.split(',').map(pair).collect::<Result<_, _>>().map(Self)
    }
}

/// Reads the file at `path` row by row. A row that is none is named and left out.
pub fn read(path: &Path, columns: &Columns, about: &About, sink: &mut Sink<'_>) {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => {
            let what = format!("cannot be opened: {}", error.kind());
            return sink.send(Part::Trouble(Trouble::new("the file", what)));
        }
    };
    let size = file.metadata().map_or(0, |about| about.len());
    let reader = sink.counted(BufReader::new(file), size);
    // Rows of another length are met with their place, instead of by the reader.
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    let layout = match rows.byte_headers() {
        Ok(names) => Layout::new(&StringRecord::from_byte_record_lossy(names.clone()), columns),
        Err(error) => Err(error.to_string()),
    };
    let layout = match layout {
        Ok(layout) => layout,
        Err(what) => return sink.send(Part::Trouble(Trouble::new("line 1", what))),
    };
    let mut row = csv::ByteRecord::new();
    loop {
        match rows.read_byte_record(&mut row) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                let line = rows.position().line();
                sink.send(Part::Trouble(Trouble::new(format!("line {line}"), error.to_string())));
                // What follows an error of the file itself is no longer rows.
                break;
            }
        }
        sink.send(Part::Read(1));
        match layout.record(&row, about) {
            Ok(Some(record)) => sink.record(record),
            Ok(None) => sink.send(Part::Skipped(NO_STORE, 1)),
            Err((column, what)) => {
                let line = row.position().map_or(0, csv::Position::line);
                let place = format!("line {line}{column}");
                sink.send(Part::Trouble(Trouble::new(place, what)));
            }
        }
    }
}

/// Which key each column stands for.
struct Layout {
    keys: Vec<Option<String>>,
    names: Vec<String>,
}

impl Layout {
    fn new(names: &StringRecord, columns: &Columns) -> Result<Self, String> {
        if let Some((key, column)) =
            columns.0.iter().find(|(_, column)| !names.iter().any(|name| name == *column))
        {
            return Err(format!("there is no column {column} for {key}"));
        }
        let key = |name: &str| {
            let mapped = columns.0.iter().find(|(_, column)| *column == name);
            match mapped {
                Some((key, _)) => Some(key.clone()),
                // A column is not what its name says when another was named for that.
                None if columns.0.contains_key(name) => None,
                None => Some(name.to_owned()),
            }
        };
        let layout = Self {
            keys: names.iter().map(key).collect(),
            names: names.iter().map(str::to_owned).collect(),
        };
        for needed in ["lat", "lon"] {
            if !layout.keys.iter().flatten().any(|key| key == needed) {
                return Err(format!(
                    "no column is {needed}; name one by --columns {needed}=COLUMN"
                ));
            }
        }
        Ok(layout)
    }

    fn record(
        &self,
        row: &csv::ByteRecord,
        about: &About,
    ) -> Result<Option<Record>, (String, String)> {
        if row.len() != self.keys.len() {
            let what = format!("{} fields instead of {}", row.len(), self.keys.len());
            return Err((String::new(), what));
        }
        let mut tags = Vec::new();
        let mut degrees = [None, None];
        for ((field, key), name) in row.iter().zip(&self.keys).zip(&self.names) {
            let Some(key) = key else { continue };
            let fault = |what: &str| (format!(", column {name}"), what.to_owned());
            let text = str::from_utf8(field).map_err(|_| fault("not UTF-8"))?.trim();
            match key.as_str() {
                "lat" | "lon" => {
                    let number: f64 = text.parse().map_err(|_| fault("not a number of degrees"))?;
                    let [lat, lon] = &mut degrees;
                    *(if key == "lat" { lat } else { lon }) = Some(number);
                }
                key if key.starts_with("payment:") => tags.extend(flag(text).map(|yes| (key, yes))),
                key if !text.is_empty() => tags.push((key, text)),
                _ => {}
            }
        }
        let [Some(lat), Some(lon)] = degrees else {
            return Err((String::new(), "no position".to_owned()));
        };
        let position = Position::from_degrees(lat, lon)
            .map_err(|_| (String::new(), "the position is not on the earth".to_owned()))?;
        let tags: Tags = tags.into_iter().collect();
        // Without an id of its own a row is known by its name and place, whatever its line.
        let (name, e7) = (tags.first(&["name", "brand"]), (position.lat_e7(), position.lon_e7()));
        let reference = format!("{name}@{},{}", e7.0, e7.1);
        Ok(listed(&tags, reference, (position, Vec::new()), about))
    }
}

/// What a payment column says. `false` and `0` also stand for "not stated" in such lists, so they
/// say nothing; `no` is an answer.
fn flag(text: &str) -> Option<&str> {
    match text {
        "true" | "TRUE" | "True" | "1" | "yes" => Some("yes"),
        "false" | "FALSE" | "False" | "0" | "" => None,
        other => Some(other),
    }
}
