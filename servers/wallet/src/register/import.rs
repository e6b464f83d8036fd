//! An import: a file's stores, read and saved.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use anyhow::{Context, bail, ensure};
use domain::{Currency, Position, Source, Store, StoreId, Timestamp};
use server_kit::{Connection, Database, DatabaseError};
use sqlx::query_as;
use tokio::sync::mpsc;

use super::{
    Columns, Saved, Summary, geojson,
    listed::About,
    osm,
    record::{Record, currency_of},
    rows,
    save::{footprint, save, tell},
    sink::{Part, Sink},
};

/// How a file is to be imported.
#[derive(Clone, Debug)]
pub struct Import {
    /// The file; its name says what it is: `.osm.pbf`, `.geojson` or `.csv`.
    pub file: PathBuf,
    /// The source its records are kept under; `None` is `osm` for extracts and the file's name
    /// without its end for others. Two files of one source that have a record of one reference
    /// speak of the same store.
    pub source: Option<String>,
    /// The licence of the records, SPDX where there is one; needed for all but extracts, whose
    /// licence is known.
    pub licence: Option<String>,
    /// What must be shown with the records; `None` is the name of the source.
    pub attribution: Option<String>,
    /// When what a list says was true; `None` is when its file was last written. Extracts say it
    /// themselves.
    pub as_of: Option<Timestamp>,
    /// Which column of a CSV file holds what.
    pub columns: Columns,
    /// The currency of stores whose country nobody says.
    pub currency: Currency,
    /// When the import is made; no record is younger.
    pub now: Timestamp,
}

impl Import {
    /// The file at `file`, with EUR where nothing says otherwise and all else left to be known
    /// from the file.
    pub fn of(file: impl Into<PathBuf>, now: Timestamp) -> Self {
        Self {
            file: file.into(),
            source: None,
            licence: None,
            attribution: None,
            as_of: None,
            columns: Columns::default(),
            currency: Currency::EUR,
            now,
        }
    }
}

/// Brings the stores of a file into the register: new ones are added, known ones brought up to
/// date, none is deleted. `told` hears how much of the file is done, in thousandths.
///
/// A broken part is named in the summary; what can be read before and after it is taken.
///
/// # Errors
/// When the file's kind is unknown, its licence is neither known nor told, or the database cannot
/// be written. What was saved before stays.
pub async fn import(
    database: &Database,
    import: &Import,
    mut told: impl FnMut(u64) + Send + 'static,
) -> anyhow::Result<Summary> {
    let order = Order::new(import)?;
    let mut saving = Saving {
        database,
        said_by: order.said_by(),
        usual: import.currency,
        currencies: HashMap::new(),
        seen: Seen::default(),
        untold: false,
        summary: Summary {
            file: import.file.display().to_string(),
            source: order.source.clone(),
            ..Summary::default()
        },
    };
    let (parts, mut received) = mpsc::channel(4);
    let file = import.file.clone();
    let reader = tokio::task::spawn_blocking(move || {
        let mut sink = Sink::new(parts, &mut told);
        order.read(&file, &mut sink);
        sink.finish();
    });
    let mut saved = Ok(());
    while let Some(part) = received.recv().await {
        saved = saving.take(part).await;
        if saved.is_err() {
            break;
        }
    }
    drop(received);
    let read = reader.await;
    // Whatever went wrong, running servers are to see what was saved.
    saving.tell().await?;
    saved?;
    read.context("the reader of the file failed")?;
    let Saving { mut summary, seen, .. } = saving;
    if summary.is_whole() {
        summary.vanished = seen.vanished(database, &summary.source).await?;
    }
    Ok(summary)
}

/// What is to be read, checked.
struct Order {
    source: String,
    kind: Kind,
}

enum Kind {
    Osm { now: Timestamp },
    GeoJson { about: About },
    Csv { about: About, columns: Columns },
}

impl Order {
    fn new(import: &Import) -> anyhow::Result<Self> {
        let Import { file, source, licence, attribution, as_of, columns, now, .. } = import;
        let shown = file.display();
        let name = file.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase());
        let name = name.with_context(|| format!("{shown} is no file"))?;
        let stem = name.split('.').next().unwrap_or_default().to_owned();
        let is_osm = name.ends_with(".pbf");
        let source = source.clone().unwrap_or_else(|| if is_osm { "osm".to_owned() } else { stem });
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        ensure!(
            (1..=64).contains(&source.len()) && source.bytes().all(plain),
            "{source:?}: a source is 1 to 64 letters, digits, dots, hyphens and underscores"
        );
        let about = || {
            let written = file.metadata().and_then(|about| about.modified()).ok();
            let written = written.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            let written = written.and_then(|since| i64::try_from(since.as_millis()).ok());
            let licence = licence.clone();
            anyhow::Ok(About {
                licence: licence.with_context(|| format!("{shown}: say its licence"))?,
                attribution: attribution.clone().unwrap_or_else(|| source.clone()),
                as_of: as_of.unwrap_or(written.map_or(*now, Timestamp)).min(*now),
            })
        };
        let kind = if is_osm {
            Kind::Osm { now: *now }
        } else if name.ends_with(".geojson") || name.ends_with(".json") {
            Kind::GeoJson { about: about()? }
        } else if name.ends_with(".csv") {
            Kind::Csv { about: about()?, columns: columns.clone() }
        } else {
            bail!("{shown}: neither .osm.pbf nor .geojson nor .csv");
        };
        Ok(Self { source, kind })
    }

    fn said_by(&self) -> Source {
        match self.kind {
            Kind::Osm { .. } => Source::OpenStreetMap,
            Kind::GeoJson { .. } | Kind::Csv { .. } => Source::Register,
        }
    }

    fn read(&self, file: &Path, sink: &mut Sink<'_>) {
        match &self.kind {
            Kind::Osm { now } => osm::read(file, *now, sink),
            Kind::GeoJson { about } => geojson::read(file, about, sink),
            Kind::Csv { about, columns } => rows::read(file, columns, about, sink),
        }
    }
}

/// The database's side of an import.
struct Saving<'a> {
    database: &'a Database,
    said_by: Source,
    /// The currency where a record's country is not said.
    usual: Currency,
    /// Currencies by country.
    currencies: HashMap<String, Currency>,
    seen: Seen,
    /// Whether stores were saved that running servers do not look at yet.
    untold: bool,
    summary: Summary,
}

impl Saving<'_> {
    /// Stores saved in one transaction.
    const BATCH: usize = 500;
    /// Stores after which running servers are told, which then index the whole register anew.
    const TELL_AFTER: u64 = 50_000;

    async fn take(&mut self, part: Part) -> Result<(), DatabaseError> {
        match part {
            Part::Read(count) => self.summary.read += count,
            Part::Skipped(reason, count) => self.summary.skip(reason, count),
            Part::Trouble(trouble) => self.summary.trouble(trouble),
            Part::Records(records) => {
                // An extract comes whole; a list in parts, none of which speaks for all.
                if self.said_by == Source::OpenStreetMap {
                    self.usual = usual_currency(&records).unwrap_or(self.usual);
                }
                let mut records = records.into_iter().peekable();
                while records.peek().is_some() {
                    self.batch(records.by_ref().take(Self::BATCH)).await?;
                }
            }
        }
        Ok(())
    }

    async fn batch(&mut self, records: impl Iterator<Item = Record>) -> Result<(), DatabaseError> {
        let stores: Vec<Store> = records.filter_map(|record| self.store(record)).collect();
        let stores = &stores;
        let is_whole = self.summary.is_whole();
        let (source, said_by) = (self.summary.source.as_str(), self.said_by);
        let (taken, untold) = (self.summary.taken(), self.untold);
        let (done, untold) = self
            .database
            .transaction(|mut change| async move {
                let mut done = Vec::with_capacity(stores.len());
                for store in stores {
                    done.push(put(&mut change, store, is_whole, source, said_by).await?);
                }
                let changed = untold || done.iter().any(|(saved, _)| *saved != Saved::Unchanged);
                let taken = taken + done.len() as u64;
                let tells = changed && taken % Self::TELL_AFTER < Self::BATCH as u64;
                if tells {
                    tell(&mut change).await?;
                }
                change.keep((done, changed && !tells))
            })
            .await?;
        self.untold = untold;
        for (store, (saved, has_footprint)) in stores.iter().zip(done) {
            self.summary.with_claims += u64::from(!store.accepted.is_unknown());
            self.summary.with_footprint += u64::from(has_footprint);
            self.summary.saved(saved);
        }
        Ok(())
    }

    /// The store of a record, unless the file had it before.
    fn store(&mut self, mut record: Record) -> Option<Store> {
        for (key, count) in std::mem::take(&mut record.strange) {
            *self.summary.strange.entry(key).or_default() += count;
        }
        let country = record.address.country.clone();
        let own = self
            .currencies
            .entry(country)
            .or_insert_with_key(|country| currency_of(country).unwrap_or(self.usual));
        let store = record.into_store(&self.summary.source, *own);
        if self.seen.add(store.id, store.position) {
            return Some(store);
        }
        self.summary.skip("the same record again", 1);
        None
    }

    async fn tell(&mut self) -> Result<(), DatabaseError> {
        if std::mem::take(&mut self.untold) {
            self.database
                .transaction(|mut change| async move {
                    tell(&mut change).await?;
                    change.keep(())
                })
                .await?;
        }
        Ok(())
    }
}

/// Saves one store; answers what that did, and whether the store then has a footprint.
async fn put(
    change: &mut Connection,
    store: &Store,
    is_whole: bool,
    source: &str,
    said_by: Source,
) -> Result<(Saved, bool), DatabaseError> {
    // The building may be in what could not be read: what was known of it stays.
    if is_whole || !store.footprint.is_empty() {
        let saved = save(change, store, source, said_by).await?;
        return Ok((saved, !store.footprint.is_empty()));
    }
    let known = footprint(change, store.id).await?.unwrap_or_default();
    let store = Store { footprint: known, ..store.clone() };
    let saved = save(change, &store, source, said_by).await?;
    Ok((saved, !store.footprint.is_empty()))
}

/// The currency of the country that most records name.
fn usual_currency(records: &[Record]) -> Option<Currency> {
    let mut count: HashMap<&str, u64> = HashMap::new();
    for record in records.iter().filter(|record| !record.address.country.is_empty()) {
        *count.entry(&record.address.country).or_default() += 1;
    }
    // Of equally many, the first by name: the same file gives the same answer.
    let most = count.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)))?;
    currency_of(most.0)
}

/// Which stores a file has, and where.
#[derive(Default)]
struct Seen {
    ids: HashSet<StoreId>,
    /// South, west, north, east, in 1e-7 degrees.
    area: Option<[i32; 4]>,
}

impl Seen {
    /// Whether the file had no such record before.
    fn add(&mut self, id: StoreId, at: Position) -> bool {
        let (lat, lon) = (at.lat_e7(), at.lon_e7());
        let [south, west, north, east] = self.area.unwrap_or([lat, lon, lat, lon]);
        self.area = Some([south.min(lat), west.min(lon), north.max(lat), east.max(lon)]);
        self.ids.insert(id)
    }

    /// How many stores of `source` the register has in the file's area that the file has not.
    async fn vanished(&self, database: &Database, source: &str) -> Result<u64, DatabaseError> {
        let Some([south, west, north, east]) = self.area else { return Ok(0) };
        let rows: Vec<(String,)> = query_as(
            "SELECT id FROM store WHERE source = $1
             AND lat_e7 BETWEEN $2 AND $3 AND lon_e7 BETWEEN $4 AND $5",
        )
        .bind(source)
        .bind(south)
        .bind(north)
        .bind(west)
        .bind(east)
        .fetch_all(database.reads())
        .await?;
        let here =
            |id: &str| uuid::Uuid::parse_str(id).is_ok_and(|id| self.ids.contains(&StoreId(id)));
        Ok(rows.iter().filter(|(id,)| !here(id)).count() as u64)
    }
}
