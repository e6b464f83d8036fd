use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use domain::{Currency, Position, Source, StoreId, Timestamp};
use sqlx::SqlitePool;
use tokio::sync::mpsc;

use super::{Record, Summary, Trouble, osm, record::currency_of, save::Batch};

/// Stores saved in one transaction.
const BATCH: usize = 500;

/// How a file is to be imported.
#[derive(Clone, Debug)]
pub struct Import {
    /// The file; its name says what it is: `.osm.pbf`.
    pub file: PathBuf,
    /// The source its records are kept under, for instance `osm`. Two files of one source that have
    /// a record of one reference speak of the same store.
    pub source: Option<String>,
    /// The currency of stores whose country nobody says.
    pub currency: Currency,
    /// When the import is made; no record is younger.
    pub now: Timestamp,
}

impl Import {
    /// The file at `file` with what can be known of it without being told: OpenStreetMap extracts
    /// are of the source `osm`, other files of the source of their own name; EUR where nothing says
    /// otherwise.
    pub fn of(file: impl Into<PathBuf>, now: Timestamp) -> Self {
        Self { file: file.into(), source: None, currency: Currency::EUR, now }
    }
}

/// What comes out of a reader, on its way to the database.
enum Part {
    Records(Vec<Record>),
    Read(u64),
    Skipped(&'static str, u64),
    Trouble(Trouble),
}

/// Brings the stores of a file into the register of the data folder: new ones are added, known ones
/// brought up to date, none is deleted. `told` hears how much of the file is done, in thousandths.
///
/// A broken part is named in the summary; what can be read before and after it is taken.
///
/// # Errors
/// When the file's kind is unknown or the database cannot be written. What was saved before stays.
pub async fn import(
    pool: &SqlitePool,
    import: &Import,
    told: impl FnMut(u64) + Send + 'static,
) -> anyhow::Result<Summary> {
    let name = import.file.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.with_context(|| format!("{} is no file", import.file.display()))?;
    let kind = Kind::of(&name)?;
    let source = match (&import.source, kind) {
        (Some(source), _) => source.clone(),
        (None, Kind::Osm) => "osm".to_owned(),
    };
    check_source(&source)?;
    let mut summary =
        Summary { file: import.file.display().to_string(), source, ..Summary::default() };
    let (parts, mut received) = mpsc::channel(4);
    let (file, now) = (import.file.clone(), import.now);
    let reader = tokio::task::spawn_blocking(move || match kind {
        Kind::Osm => read_osm(&file, now, told, &parts),
    });
    let mut seen = Seen::default();
    let mut currency = import.currency;
    while let Some(part) = received.recv().await {
        match part {
            Part::Read(count) => summary.read += count,
            Part::Skipped(reason, count) => summary.skip(reason, count),
            Part::Trouble(trouble) => summary.trouble(trouble),
            Part::Records(records) => {
                if kind == Kind::Osm
                    && let Some(usual) = usual_currency(&records)
                {
                    currency = usual;
                }
                let said_by =
                    if kind == Kind::Osm { Source::OpenStreetMap } else { Source::Register };
                save(pool, records, currency, said_by, &mut summary, &mut seen).await?;
            }
        }
    }
    reader.await.context("the reader of the file failed")?;
    summary.vanished = seen.vanished(pool, &summary.source).await?;
    Ok(summary)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Osm,
}

impl Kind {
    fn of(name: &str) -> anyhow::Result<Self> {
        let name = name.to_ascii_lowercase();
        if name.ends_with(".osm.pbf") || name.ends_with(".pbf") {
            Ok(Self::Osm)
        } else {
            bail!("{name}: neither .osm.pbf nor .geojson nor .csv")
        }
    }
}

fn check_source(source: &str) -> anyhow::Result<()> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if (1..=64).contains(&source.len()) && source.bytes().all(plain) {
        Ok(())
    } else {
        bail!(
            "{source:?}: a source is named by 1 to 64 letters, digits, dots, hyphens, underscores"
        )
    }
}

fn read_osm(file: &Path, now: Timestamp, mut told: impl FnMut(u64), parts: &mpsc::Sender<Part>) {
    let extract = osm::read(file, now, &mut told);
    // A closed channel means that the saving failed, which its own error tells.
    let send = |part| _ = parts.blocking_send(part);
    send(Part::Read(extract.read));
    for (reason, count) in extract.skipped {
        send(Part::Skipped(reason, count));
    }
    extract.troubles.into_iter().map(Part::Trouble).for_each(send);
    // All at once: the usual currency is that of the whole file.
    send(Part::Records(extract.stores));
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

async fn save(
    pool: &SqlitePool,
    records: Vec<Record>,
    usual: Currency,
    said_by: Source,
    summary: &mut Summary,
    seen: &mut Seen,
) -> anyhow::Result<()> {
    let mut currencies: HashMap<String, Currency> = HashMap::new();
    let mut records = records.into_iter().peekable();
    while records.peek().is_some() {
        let mut batch = Batch::begin(pool).await?;
        let mut changed = false;
        for mut record in records.by_ref().take(BATCH) {
            let country = record.address.country.clone();
            let currency = *currencies
                .entry(country)
                .or_insert_with_key(|country| currency_of(country).unwrap_or(usual));
            for (key, count) in std::mem::take(&mut record.strange) {
                *summary.strange.entry(key).or_default() += count;
            }
            let store = record.into_store(&summary.source, currency);
            summary.with_claims += u64::from(!store.accepted.is_unknown());
            summary.with_footprint += u64::from(!store.footprint.is_empty());
            let saved = batch.save(&store, &summary.source, said_by).await?;
            changed |= saved != super::Saved::Unchanged;
            summary.saved(saved);
            seen.add(store.id, store.position);
        }
        batch.commit(changed).await?;
    }
    Ok(())
}

/// Which stores a file has, and where.
#[derive(Default)]
struct Seen {
    ids: HashSet<StoreId>,
    /// South, west, north, east, in 1e-7 degrees.
    area: Option<[i32; 4]>,
}

impl Seen {
    fn add(&mut self, id: StoreId, at: Position) {
        self.ids.insert(id);
        let (lat, lon) = (at.lat_e7(), at.lon_e7());
        let [south, west, north, east] = self.area.unwrap_or([lat, lon, lat, lon]);
        self.area = Some([south.min(lat), west.min(lon), north.max(lat), east.max(lon)]);
    }

    /// How many stores of `source` the register has in the file's area that the file has not.
    async fn vanished(&self, pool: &SqlitePool, source: &str) -> sqlx::Result<u64> {
        let Some([south, west, north, east]) = self.area else { return Ok(0) };
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT id FROM store WHERE source = $1
             AND lat_e7 BETWEEN $2 AND $3 AND lon_e7 BETWEEN $4 AND $5",
        )
        .bind(source)
        .bind(south)
        .bind(north)
        .bind(west)
        .bind(east)
        .fetch_all(pool)
        .await?;
        let here =
            |id: &str| uuid::Uuid::parse_str(id).is_ok_and(|id| self.ids.contains(&StoreId(id)));
        Ok(rows.iter().filter(|(id,)| !here(id)).count() as u64)
    }
}
