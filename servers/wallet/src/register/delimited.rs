//! Stores out of delimited text: CSV (RFC 4180) and its kin, the first row the names of the columns.

use std::{
    collections::{BTreeMap, VecDeque},
    io::{self, BufRead, BufReader},
    path::Path,
    str::FromStr,
};

use domain::Position;

use super::{
    encoding,
    lines::Lines,
    listed::{About, listed},
    quoting::{Quote, fields},
    record::{Record, Trouble},
    sink::{Part, Sink},
    tags::Tags,
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

/// Why a row is left out that has an empty position.
const NO_POSITION: &str = "it has no position";

/// Reads the file at `path` row by row. A malformed row is named and left out.
pub fn read(path: &Path, columns: &Columns, about: &About, sink: &mut Sink) {
    if let Err(trouble) = read_rows(path, columns, about, sink) {
        sink.send(Part::Trouble(trouble));
    }
}

fn read_rows(
    path: &Path,
    columns: &Columns,
    about: &About,
    sink: &mut Sink,
) -> Result<(), Trouble> {
    let mut rows = Rows::new(BufReader::new(encoding::open(path, sink)?));
    let layout = loop {
        let first = rows.line().map_err(|error| unread(&rows, &error))?;
        let (number, line) = first.ok_or(Trouble::new("the file", "it is empty"))?;
        if let Some(separator) = named_separator(&line) {
            rows.separator = Some(separator);
        } else if !line.trim_ascii().is_empty() {
            let separator = rows.separator.unwrap_or_else(|| guessed_separator(&line, columns));
            rows.separator = Some(separator);
            rows.ahead.push_front((number, line));
            let names = rows.row().map_err(|error| unread(&rows, &error))?;
            let names = names.and_then(|(_, names)| names.ok()).unwrap_or_default();
            let place = format!("line {number}");
            break Layout::new(&names, columns).map_err(|what| Trouble::new(place, what))?;
        }
    };
    rows.columns = Some(layout.keys.len());
    while let Some((number, row)) = rows.row().map_err(|error| unread(&rows, &error))? {
        sink.send(Part::Read(1));
        match row
            .map_err(|what| Left::Fault(String::new(), what.to_owned()))
            .and_then(|row| layout.record(&row, about))
        {
            Ok(record) => sink.record(record),
            Err(Left::Skipped(why)) => sink.send(Part::Skipped(why.to_owned(), 1)),
            Err(Left::Fault(at, what)) => {
                sink.send(Part::Trouble(Trouble::new(format!("line {number}{at}"), what)));
            }
        }
    }
    Ok(())
}

/// A file that cannot be read on.
fn unread<R>(rows: &Rows<R>, error: &io::Error) -> Trouble {
    Trouble::new(format!("after line {}", rows.last), format!("cannot be read: {}", error.kind()))
}

/// `sep=;` in the first line: a spreadsheet's own way to name the separator.
fn named_separator(line: &[u8]) -> Option<u8> {
    let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] = line.trim_ascii_end() else {
        return (line == b"sep=\t").then_some(b'\t');
    };
    Some(*separator)
}

/// The separator by which the names hold a position, else the one that makes most of them.
fn guessed_separator(names: &[u8], columns: &Columns) -> u8 {
    let of = |separator: u8| {
        let fields = fields(names, separator).unwrap_or_default();
        (Layout::new(&fields, columns).is_ok(), fields.len())
    };
    // Of equals the last wins: the comma.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(|separator| of(*separator)).unwrap_or(b',')
}

/// Most lines and bytes of a row with line ends in its fields.
const MAX_ROW_LINES: usize = 50;
const MAX_ROW: usize = 64 * 1024;

/// A row's fields, or what is wrong with it.
type Row = Result<Vec<Vec<u8>>, &'static str>;

/// The rows of a text.
struct Rows<R> {
    lines: Lines<R>,
    /// Lines that were looked at and belong to a later row.
    ahead: VecDeque<(u64, Vec<u8>)>,
    separator: Option<u8>,
    /// How many fields a row has, once that is known.
    columns: Option<usize>,
    /// The line read last.
    last: u64,
}

impl<R: BufRead> Rows<R> {
    fn new(text: R) -> Self {
        let ahead = VecDeque::new();
        Self { lines: Lines::new(text), ahead, separator: None, columns: None, last: 0 }
    }

    fn line(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        let line = match self.ahead.pop_front() {
            Some(line) => Some(line),
            None => self.lines.next()?,
        };
        self.last = line.as_ref().map_or(self.last, |(number, _)| *number);
        Ok(line)
    }

    /// The next row that is not blank, with the number of its first line.
    fn row(&mut self) -> io::Result<Option<(u64, Row)>> {
        let separator = self.separator.unwrap_or(b',');
        while let Some((number, line)) = self.line()? {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let row = match fields(&line, separator) {
                Ok(fields) => Ok(fields),
                Err(Quote::Stray) => Err("text follows a closing quote"),
                Err(Quote::Open) => {
                    self.joined(line, separator)?.ok_or("a quote is opened and not closed")
                }
            };
            return Ok(Some((number, row)));
        }
        Ok(None)
    }

    /// The row that `line` makes together with lines behind it. They are only taken when all
    /// together are a row: a stray quote would swallow them.
    fn joined(&mut self, line: Vec<u8>, separator: u8) -> io::Result<Option<Vec<Vec<u8>>>> {
        let mut row = line;
        for taken in 0..MAX_ROW_LINES {
            if self.ahead.len() <= taken {
                let Some(next) = self.lines.next()? else { break };
                self.ahead.push_back(next);
            }
            let Some((_, next)) = self.ahead.get(taken) else { break };
            row.push(b'\n');
            row.extend_from_slice(next);
            match fields(&row, separator) {
                Ok(fields) if self.columns.is_none_or(|columns| columns == fields.len()) => {
                    self.ahead.drain(..=taken);
                    return Ok(Some(fields));
                }
                Err(Quote::Open) if row.len() < MAX_ROW => {}
                Ok(_) | Err(_) => break,
            }
        }
        Ok(None)
    }
}

/// Names that lists give the columns every list needs.
const ALIASES: [(&str, &str); 10] = [
    ("latitude", "lat"),
    ("緯度", "lat"),
    ("lng", "lon"),
    ("long", "lon"),
    ("longitude", "lon"),
    ("経度", "lon"),
    ("名称", "name"),
    ("店名", "name"),
    ("店舗名", "name"),
    ("施設名", "name"),
];

/// Which key each column stands for.
struct Layout {
    keys: Vec<Option<String>>,
    names: Vec<String>,
}

/// Why a row is no store.
enum Left {
    /// It says something else.
    Skipped(&'static str),
    /// Where in the line, and what is wrong.
    Fault(String, String),
}

impl Layout {
    fn new(names: &[Vec<u8>], columns: &Columns) -> Result<Self, String> {
        let names: Vec<String> =
            names.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        let is = |name: &str, column: &str| name.to_lowercase() == column.to_lowercase();
        if let Some((key, column)) =
            columns.0.iter().find(|(_, column)| !names.iter().any(|name| is(name, column)))
        {
            return Err(format!("there is no column {column} for {key}: {}", listing(&names)));
        }
        let key = |name: &String| {
            let mapped = columns.0.iter().find(|(_, column)| is(name, column));
            let name = name.to_lowercase();
            match mapped {
                Some((key, _)) => Some(key.clone()),
                // A column is not what its name says when another was named for that.
                None if columns.0.contains_key(&name) => None,
                None => Some(name),
            }
        };
        let mut keys: Vec<Option<String>> = names.iter().map(key).collect();
        for (alias, meant) in ALIASES {
            if !keys.iter().flatten().any(|key| key == meant) {
                let column = keys.iter_mut().flatten().find(|key| *key == alias);
                column.into_iter().for_each(|key| meant.clone_into(key));
            }
        }
        for needed in ["lat", "lon"] {
            if !keys.iter().flatten().any(|key| key == needed) {
                return Err(format!(
                    "no column is {needed}; name one by --columns {needed}=COLUMN: {}",
                    listing(&names)
                ));
            }
        }
        Ok(Self { keys, names })
    }

    fn record(&self, row: &[Vec<u8>], about: &About) -> Result<Record, Left> {
        if row.len() != self.keys.len() {
            let at = format!(", {} fields instead of {}", row.len(), self.keys.len());
            return Err(Left::Fault(at, "not as many fields as columns".to_owned()));
        }
        let mut tags = Vec::new();
        let mut degrees = [None, None];
        for ((field, key), name) in row.iter().zip(&self.keys).zip(&self.names) {
            let Some(key) = key else { continue };
            let fault = |what: &str| Left::Fault(format!(", column {name}"), what.to_owned());
            let text = str::from_utf8(field).map_err(|_| fault("not UTF-8"))?.trim();
            if text.is_empty() {
                continue;
            }
            match key.as_str() {
                "lat" => degrees[0] = Some(number(text).ok_or(fault(NO_NUMBER))?),
                "lon" => degrees[1] = Some(number(text).ok_or(fault(NO_NUMBER))?),
                key => tags.push((key, text)),
            }
        }
        let [Some(lat), Some(lon)] = degrees else { return Err(Left::Skipped(NO_POSITION)) };
        let off = |_| Left::Fault(String::new(), "the position is not on the earth".to_owned());
        let position = Position::from_degrees(lat, lon).map_err(off)?;
        let tags: Tags = tags.into_iter().collect();
        listed(&tags, None, (position, Vec::new()), about).map_err(Left::Skipped)
    }
}

const NO_NUMBER: &str = "not a number of degrees";

/// A number as people and spreadsheets write it: `41.9`, `41,9`, `−41.9°`.
fn number(text: &str) -> Option<f64> {
    let text = text.trim_end_matches('°').replace('\u{2212}', "-");
    let with_point = if text.contains('.') { text } else { text.replacen(',', ".", 1) };
    with_point.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The names of the columns there are, for a person who looks for one.
fn listing(names: &[String]) -> String {
    let mut listing: String = names.join(", ").chars().take(200).collect();
    if listing.is_empty() {
        listing.push_str("there are none");
        return listing;
    }
    format!("the columns are {listing}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, columns: usize) -> Vec<(u64, Result<Vec<String>, &'static str>)> {
        let mut rows = Rows::new(text.as_bytes());
        rows.columns = Some(columns);
        let mut all = Vec::new();
        while let Some((number, row)) = rows.row().unwrap() {
            let text = |field: Vec<u8>| String::from_utf8(field).unwrap();
            all.push((number, row.map(|row| row.into_iter().map(text).collect())));
        }
        all
    }

    fn ok(number: u64, row: &[&str]) -> (u64, Result<Vec<String>, &'static str>) {
        (number, Ok(row.iter().map(|field| (*field).to_owned()).collect()))
    }

    #[test]
    fn quotes_hold_separators_line_ends_and_quotes() {
        assert_eq!(
            rows("a, \"b,c\" ,d\n\n\"e\"\"\",,\"f\ng\"\n", 3),
            [ok(1, &["a", "b,c", "d"]), ok(3, &["e\"", "", "f\ng"]),]
        );
        assert_eq!(rows("5\" pipe,b\n", 2), [ok(1, &["5\" pipe", "b"])]);
    }

    #[test]
    fn a_stray_quote_never_swallows_a_neighbour() {
        const OPEN: &str = "a quote is opened and not closed";
        for neighbours in
            ["c,d\ne,f\n", "\"c\",d\ne,f\n", "\"c\",d\n\"e\",\"f\"\n", "c,\"d\"\ne,f\n"]
        {
            let all = rows(&format!("a,\"b\n{neighbours}"), 2);
            assert_eq!(
                all,
                [(1, Err(OPEN)), ok(2, &["c", "d"]), ok(3, &["e", "f"])],
                "{neighbours}"
            );
        }
        assert_eq!(rows("\"Joe\" Bar,b\nc,d\n", 2)[1], ok(2, &["c", "d"]));
        let long = format!("a,\"b\n{}", "c,d\n".repeat(MAX_ROW_LINES + 10));
        assert_eq!(rows(&long, 2).len(), MAX_ROW_LINES + 11);
    }

    #[test]
    fn a_separator_is_named_or_guessed() {
        let none = Columns::default();
        assert_eq!(guessed_separator(b"name;lat;lon", &none), b';');
        assert_eq!(guessed_separator(b"name\tlat\tlon", &none), b'\t');
        assert_eq!(guessed_separator(b"name, lat, lon", &none), b',');
        assert_eq!(guessed_separator(b"name, first; lat; lon", &none), b';');
        assert_eq!(guessed_separator(b"a;b;c,d", &none), b';');
        assert_eq!(named_separator(b"sep=;"), Some(b';'));
        assert_eq!(named_separator(b"sep=\t"), Some(b'\t'));
        assert_eq!(named_separator(b"name"), None);
    }

    #[test]
    fn a_number_is_read_with_a_point_or_a_comma() {
        for (text, expected) in [
            ("41.9", Some(41.9)),
            ("41,9", Some(41.9)),
            ("\u{2212}41.9°", Some(-41.9)),
            ("1,234.5", None),
            ("north", None),
            ("NaN", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}
