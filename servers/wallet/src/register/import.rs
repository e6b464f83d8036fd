//! Imports a file: reads it on a thread of its own and saves what it holds.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use anyhow::{Context, bail, ensure};
use domain::{Acceptance, Claim, Currency, Position, Source, Store, StoreId, Timestamp};
use server_kit::{Database, DatabaseError};
use sqlx::query_as;
use tokio::sync::mpsc;

use crate::knowledge::infer;

use super::{
    Columns, Saved, Summary,
    closing::close,
    country::currency_of,
    delimited, geojson,
    listed::About,
    osm,
    record::Record,
    save::{Origin, put},
    sink::{Part, Sink},
    source_name::source_name,
    summary::CurrencyBasis,
    telling::tell,
    text::plain,
};

/// How a file is to be imported.
#[derive(Clone, Debug)]
pub struct Import {
    /// The file; its name says what it is: `.osm.pbf`, `.geojson` or one of its forms by line, or
    /// `.csv` or `.tsv`.
    pub file: PathBuf,
    /// The source its records are kept under; `None` is `osm` for extracts and the file's name
    /// without its end and its date for others. Two files of one source that have a record of one
    /// reference speak of the same store.
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
    /// The currency of stores whose country neither their record nor their position says.
    pub currency: Currency,
    /// Whether the file has every store of its source in its area, so that those it lacks are closed.
    pub complete: bool,
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
            complete: false,
            now,
        }
    }
}

/// Brings the stores of a file into the register: new ones are added, known ones brought up to date, none is
/// deleted; those that a complete file lacks are closed. `progress` hears of the work done, in thousandths.
///
/// A broken part is named in the summary; what can be read before and after it is taken.
///
/// # Errors
/// When the file's kind is unknown, its licence is neither known nor told, or the database cannot
/// be written. What was saved before stays.
pub async fn import(
    database: &Database,
    import: &Import,
    mut progress: impl FnMut(u64) + Send + 'static,
) -> anyhow::Result<Summary> {
    let order = Order::new(import)?;
    let summary = Summary {
        file: plain(&import.file.display().to_string()),
        source: order.source.clone(),
        ..Summary::default()
    };
    let mut saving = Saving {
        database,
        said_by: order.said_by(),
        now: import.now,
        usual: import.currency,
        seen: Seen::default(),
        untold: false,
        reading: order.reading(),
        progress: &mut progress,
        summary,
    };
    let (parts, mut received) = mpsc::channel(4);
    let file = import.file.clone();
    let reader = tokio::task::spawn_blocking(move || {
        let mut sink = Sink::new(parts);
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
        let gone = seen.vanished(database, &summary.source).await?;
        summary.vanished = gone.len() as u64;
        if import.complete {
            close(database, &gone).await?;
            summary.closed = std::mem::take(&mut summary.vanished);
        }
    }
    progress(DONE);
    Ok(summary)
}

/// All of the work, in the units of progress.
const DONE: u64 = 1000;

/// What is to be read, checked.
struct Order {
    source: String,
    kind: Kind,
}

enum Kind {
    Osm { now: Timestamp },
    GeoJson { about: About },
    Delimited { about: About, columns: Columns },
}

/// The ends of GeoJSON files: whole, one feature a line, or a text sequence.
const GEOJSON: [&str; 7] =
    ["geojson", "json", "geojsonl", "geojsons", "geojsonseq", "ndjson", "jsonl"];
/// The ends of delimited files.
const DELIMITED: [&str; 2] = ["csv", "tsv"];

impl Order {
    fn new(import: &Import) -> anyhow::Result<Self> {
        let Import { file, source, licence, attribution, as_of, columns, now, .. } = import;
        let shown = file.display();
        let name = file.file_name().map(|name| name.to_string_lossy().to_lowercase());
        let name = name.with_context(|| format!("{shown} is no file"))?;
        let stem = name.split('.').next().unwrap_or_default();
        let end = name.rsplit('.').next().unwrap_or_default();
        let is_osm = end == "pbf";
        let of_name = || if is_osm { "osm".to_owned() } else { source_name(stem) };
        let source = source.clone().unwrap_or_else(of_name);
        let in_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        ensure!(
            (1..=64).contains(&source.len()) && source.bytes().all(in_name),
            "{source:?}: a source is 1 to 64 letters, digits, dots, hyphens and underscores; \
             name one by --source"
        );
        let about = || {
            let written = file.metadata().and_then(|about| about.modified()).ok();
            let written = written.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            let written = written.and_then(|since| i64::try_from(since.as_millis()).ok());
            let licence = licence.clone();
            anyhow::Ok(About {
                licence: licence
                    .with_context(|| format!("{shown}: say its licence by --licence"))?,
                attribution: attribution.clone().unwrap_or_else(|| source.clone()),
                as_of: as_of.unwrap_or(written.map_or(*now, Timestamp)).min(*now),
            })
        };
        let kind = if is_osm {
            Kind::Osm { now: *now }
        } else if GEOJSON.contains(&end) {
            Kind::GeoJson { about: about()? }
        } else if DELIMITED.contains(&end) {
            Kind::Delimited { about: about()?, columns: columns.clone() }
        } else {
            bail!("{shown}: neither .osm.pbf nor .geojson nor .csv");
        };
        Ok(Self { source, kind })
    }

    fn said_by(&self) -> Source {
        match self.kind {
            Kind::Osm { .. } => Source::OpenStreetMap,
            Kind::GeoJson { .. } | Kind::Delimited { .. } => Source::Register,
        }
    }

    /// The share of the work that is done when all is read, in thousandths: an extract is saved
    /// after that, a list meanwhile.
    fn reading(&self) -> u64 {
        match self.kind {
            Kind::Osm { .. } => DONE / 3,
            Kind::GeoJson { .. } | Kind::Delimited { .. } => DONE,
        }
    }

    fn read(&self, file: &Path, sink: &mut Sink) {
        match &self.kind {
            Kind::Osm { now } => osm::read(file, *now, sink),
            Kind::GeoJson { about } => geojson::read(file, about, sink),
            Kind::Delimited { about, columns } => delimited::read(file, columns, about, sink),
        }
    }
}

/// The database's side of an import.
struct Saving<'a> {
    database: &'a Database,
    said_by: Source,
    now: Timestamp,
    /// The currency where a record's country is not known.
    usual: Currency,
    seen: Seen,
    /// Whether stores were saved that running servers do not look at yet.
    untold: bool,
    /// The share of the work that is done when all is read, in thousandths.
    reading: u64,
    progress: &'a mut (dyn FnMut(u64) + Send),
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
            Part::Progress(read) => self.done(read * self.reading / DONE),
            Part::Skipped(reason, count) => self.summary.skip(&reason, count),
            Part::LeftOut(kind, count) => *self.summary.left_out.entry(kind).or_default() += count,
            Part::Note(what, count) => *self.summary.notes.entry(what).or_default() += count,
            Part::Trouble(trouble) => self.summary.trouble(trouble),
            Part::Records(records) => self.batch(records).await?,
            Part::All(records) => {
                let all = records.len().max(1) as u64;
                let mut records = records.into_iter().peekable();
                while records.peek().is_some() {
                    self.batch(records.by_ref().take(Self::BATCH)).await?;
                    let saved = all - records.len() as u64;
                    self.done(self.reading + (DONE - self.reading) * saved / all);
                }
            }
        }
        Ok(())
    }

    /// All is done only after the last look at the database.
    fn done(&mut self, thousandths: u64) {
        (self.progress)(thousandths.min(DONE - 1));
    }

    async fn batch(
        &mut self,
        records: impl IntoIterator<Item = Record>,
    ) -> Result<(), DatabaseError> {
        let stores: Vec<Read> =
            records.into_iter().filter_map(|record| self.store(record)).collect();
        let stores = &stores;
        let now = self.now;
        let is_whole = self.summary.is_whole();
        let (source, said_by) = (self.summary.source.as_str(), self.said_by);
        let (taken, untold) = (self.summary.taken(), self.untold);
        let (done, untold) = self
            .database
            .transaction(|mut change| async move {
                let mut done = Vec::with_capacity(stores.len());
                for Read { store, edited, brand, country } in stores {
                    let edited = *edited;
                    let origin = Origin { source, said_by, edited, brand, country, now };
                    done.push(put(&mut change, store, is_whole, origin).await?);
                }
                let is_change = |saved| matches!(saved, Saved::Added | Saved::Updated);
                let changed = untold || done.iter().any(|(saved, _)| is_change(*saved));
                let taken = taken + done.len() as u64;
                let tells = changed && taken % Self::TELL_AFTER < Self::BATCH as u64;
                if tells {
                    tell(&mut change).await?;
                }
                change.keep((done, changed && !tells))
            })
            .await?;
        self.untold = untold;
        for (Read { store, .. }, (saved, has_footprint)) in stores.iter().zip(done) {
            let is_said = |claim: &Claim| {
                claim.acceptance != Acceptance::Unknown && !claim.source.is_inferred()
            };
            let with_claims = store.accepted.claims().iter().any(is_said);
            self.summary.with_claims += u64::from(with_claims);
            self.summary.with_footprint += u64::from(has_footprint);
            self.summary.saved(saved);
        }
        Ok(())
    }

    /// The store of a record, unless the file had it before.
    fn store(&mut self, mut record: Record) -> Option<Read> {
        for (key, count) in std::mem::take(&mut record.strange) {
            *self.summary.strange.entry(key).or_default() += count;
        }
        let (currency, why) = currency_of(record.country.code)
            .map_or((self.usual, CurrencyBasis::Flag), |own| (own, record.country.whence.into()));
        let edited = record.edited;
        let (brand, country) = (std::mem::take(&mut record.brand), record.country.code);
        let mut store = record.into_store(&self.summary.source, currency);
        infer(&mut store, &brand, country);
        if self.seen.add(store.id, store.position) {
            self.summary.pays_in(currency, why);
            return Some(Read { store, edited, brand, country });
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

/// A store as a file has it, with what only the register keeps.
struct Read {
    store: Store,
    edited: Timestamp,
    brand: String,
    country: &'static str,
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

    /// The ids of the stores of `source` in the file's area that the file has not.
    async fn vanished(
        &self,
        database: &Database,
        source: &str,
    ) -> Result<Vec<String>, DatabaseError> {
        let Some([south, west, north, east]) = self.area else { return Ok(Vec::new()) };
        let rows: Vec<(String,)> = query_as(
            "SELECT id FROM store WHERE source = $1 AND closed = 0
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
        Ok(rows.into_iter().map(|(id,)| id).filter(|id| !here(id)).collect())
    }
}
