//! The run: a city fetched once, and after a day; then killed and killed again.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use domain::Timestamp;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use tempfile::TempDir;
use testkit::{Servers, wallet_data};
use tokio::runtime::Runtime;
use wallet_server::{
    Clock, open_database,
    register::{self, Import, import},
};

use crate::{
    checked::{Held, History, copied},
    city::City,
    counted::Counted,
    table::packed_bytes,
};

const DAY_MS: i64 = 25 * 3_600_000;

/// How soon a running server sees that its register has changed.
const LOOKS_AGAIN_AFTER: Duration = Duration::from_millis(300);

/// The level at which `zstd` packs unless it is told another.
const USUAL: u32 = 3;
const BEST: u32 = 19;

/// What is tried.
#[derive(Args)]
pub struct Run {
    /// Stores of the city.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    stores: u32,
    /// How often the phone is killed.
    #[arg(long, default_value_t = 200)]
    kills: u32,
    /// What the city and the kills are made from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Prints one line of JSON.
    #[arg(long)]
    json: bool,
}

/// What came of it.
#[derive(Serialize)]
struct Found {
    stores: usize,
    seed: u64,
    /// Of a phone that has nothing, both ways, with heads and the list of tiles.
    city_bytes: u64,
    /// The same stores as CSV, packed.
    csv_zstd_bytes: Option<u64>,
    city_to_csv: Option<f64>,
    csv_zstd_best_bytes: Option<u64>,
    /// After a day on which one store in a hundred changed.
    day_bytes: u64,
    day_to_city: f64,
    /// The stores in the phone's file.
    file_bytes: u64,
    kills: u32,
    /// Times that all was there in the end.
    completed: u32,
    /// What phones took that had nothing and were killed on the way, to what one takes that is not.
    killed_to_city: Option<f64>,
    inconsistent: u32,
}

impl Run {
    /// # Errors
    /// When a process of it fails, or something was inconsistent.
    pub fn all(&self) -> Result<()> {
        let asked = self;
        let mut world = World::start(asked)?;
        let folder = tempfile::tempdir()?;
        let city_bytes = world.whole(folder.path())?;
        let stores = world.stores()?;
        let csv_zstd_bytes = packed_bytes(&stores, USUAL)?;
        let csv_zstd_best_bytes = packed_bytes(&stores, BEST)?;
        let file_bytes = fs::read_dir(copied(folder.path())?.path())?
            .map(|entry| Ok(entry?.metadata()?.len()))
            .sum::<std::io::Result<u64>>()?;
        let day = world.city.day();
        world.import(&day, false)?;
        let all = world.city.lines();
        world.import(&all, true)?;
        world.pass_day();
        let day_bytes = world.whole(folder.path())?;
        let ratio = |a: u64, b: u64| (a as f64 / b as f64 * 10_000.0).round() / 10_000.0;
        let killed = Killing::of(asked, &mut world)?.all()?;
        let found = Found {
            stores: stores.len(),
            seed: asked.seed,
            city_bytes,
            csv_zstd_bytes,
            city_to_csv: csv_zstd_bytes.map(|csv| ratio(city_bytes, csv)),
            csv_zstd_best_bytes,
            day_bytes,
            day_to_city: ratio(day_bytes, city_bytes),
            file_bytes,
            kills: killed.kills,
            completed: killed.completed,
            killed_to_city: killed.to_city(city_bytes),
            inconsistent: killed.inconsistent,
        };
        if asked.json {
            println!("{}", serde_json::to_string(&found)?);
        } else {
            println!("{}", serde_json::to_string_pretty(&found)?);
        }
        ensure!(found.inconsistent == 0, "{} caches were inconsistent", found.inconsistent);
        Ok(())
    }
}

/// The servers, their register, and the way there.
struct World {
    runtime: Runtime,
    servers: Servers,
    /// Where its lists are.
    data: TempDir,
    /// Where the wallet server keeps its own.
    register: PathBuf,
    city: City,
    counted: Counted,
    url: String,
    history: History,
    revision: i64,
    now_ms: i64,
}

impl World {
    fn start(asked: &Run) -> Result<Self> {
        let runtime = Runtime::new()?;
        let city = City::of(asked.stores, asked.seed);
        let data = tempfile::tempdir()?;
        let folder = tempfile::tempdir()?;
        let register = wallet_data(folder.path());
        runtime.block_on(brought_in(&register, data.path(), &city.lines(), true))?;
        let (none, bank) = (wallet_server::Seed::default(), operator_server::Seed::default());
        let servers = runtime.block_on(Servers::start(folder, &none, &[("bank", &bank)]))?;
        let counted = Counted::default();
        let there = servers.wallet_url().trim_start_matches("http://").parse()?;
        let url = format!("http://{}", counted.start(there)?);
        let now_ms = Clock::system().now().0;
        let (history, revision) = (History::default(), 0);
        let mut world = Self {
            runtime,
            servers,
            data,
            register,
            city,
            counted,
            url,
            history,
            revision,
            now_ms,
        };
        world.note()?;
        Ok(world)
    }

    fn stores(&self) -> Result<Vec<domain::Store>> {
        self.runtime.block_on(async {
            let database = open_database(&self.register).await?;
            let stores = register::all(&database).await?;
            database.close().await;
            Ok(stores)
        })
    }

    /// Notes what the register is now.
    fn note(&mut self) -> Result<()> {
        let stores = self.stores()?;
        self.revision = self.runtime.block_on(async {
            let database = open_database(&self.register).await?;
            let revision = register::revision(&mut *database.reads().acquire().await?).await?;
            database.close().await;
            anyhow::Ok(revision)
        })?;
        self.history.add(self.revision, stores);
        Ok(())
    }

    fn import(&mut self, lines: &str, complete: bool) -> Result<()> {
        self.runtime.block_on(brought_in(&self.register, self.data.path(), lines, complete))?;
        thread::sleep(LOOKS_AGAIN_AFTER);
        self.note()
    }

    /// So long that what phones have is old.
    fn pass_day(&mut self) {
        self.now_ms += DAY_MS;
    }

    /// A phone over `folder` that fetches all, and the bytes that took.
    fn whole(&self, folder: &Path) -> Result<u64> {
        self.counted.take();
        let ended = self.phone(folder)?.wait()?;
        ensure!(ended.success(), "the phone could not fetch the city: {ended}");
        let held = Held::read(copied(folder)?.path())?;
        let wrong = self.history.wrong(&held);
        ensure!(wrong.is_empty() && self.history.is_all(&held, self.revision), "{wrong:?}");
        Ok(self.counted.take())
    }

    fn phone(&self, folder: &Path) -> Result<Child> {
        let mut phone = Command::new(std::env::current_exe()?);
        phone.arg("phone").arg("--folder").arg(folder).args(["--server", &self.url]);
        phone.args(["--root-key", self.servers.root_key()]);
        phone.args(["--now-ms", &self.now_ms.to_string()]);
        phone.stdout(Stdio::null()).spawn().context("the phone's process")
    }
}

/// Imports a list into a register that may be in use.
async fn brought_in(register: &Path, data: &Path, lines: &str, complete: bool) -> Result<()> {
    let file = data.join("city.geojsonl");
    fs::write(&file, lines)?;
    let database = open_database(register).await?;
    let now = Clock::system().now();
    // Each list says when it was true, and a new day would make each claim newer.
    let as_of = Some(Timestamp::from_unix_seconds(1_750_000_000));
    let licence = Some("CC0-1.0".to_owned());
    let order = Import { as_of, licence, complete, ..Import::of(&file, now) };
    let summary = import(&database, &order, |_| ()).await?;
    database.close().await;
    ensure!(summary.faults.is_empty(), "{summary}");
    Ok(())
}

/// Phones that are killed.
struct Killing<'a> {
    world: &'a mut World,
    random: ChaCha8Rng,
    left: u32,
    /// How long a phone takes that is not killed.
    whole: Duration,
    folder: TempDir,
    /// It had nothing to begin with, and was killed since.
    is_first: bool,
    kills: u32,
    completed: u32,
    inconsistent: u32,
    /// Phones that had nothing and were killed on the way, and what they took.
    firsts: (u32, u64),
}

impl<'a> Killing<'a> {
    fn of(asked: &Run, world: &'a mut World) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let began = Instant::now();
        world.whole(folder.path())?;
        Ok(Self {
            world,
            random: ChaCha8Rng::seed_from_u64(asked.seed),
            left: asked.kills,
            whole: began.elapsed(),
            folder: tempfile::tempdir()?,
            is_first: true,
            kills: 0,
            completed: 0,
            inconsistent: 0,
            firsts: (0, 0),
        })
    }

    fn all(mut self) -> Result<Self> {
        let mut killed_since = 0;
        while self.left > 0 {
            let mut phone = self.world.phone(self.folder.path())?;
            thread::sleep(self.whole.mul_f64(self.random.random_range(0.0..1.0)));
            let ended = phone.try_wait()?;
            let held = match ended {
                None => {
                    phone.kill()?;
                    phone.wait()?;
                    self.kills += 1;
                    self.left -= 1;
                    killed_since += 1;
                    self.check()?
                }
                Some(ended) if ended.success() => self.check()?,
                Some(ended) => bail!("the phone ended by itself: {ended}"),
            };
            let is_done =
                held.is_some_and(|held| self.world.history.is_all(&held, self.world.revision));
            if ended.is_some() {
                ensure!(is_done, "the phone ended and lacks stores");
            }
            if is_done {
                self.goes_on(killed_since)?;
                killed_since = 0;
            }
        }
        Ok(self)
    }

    /// What the phone has; `None` where that is inconsistent.
    fn check(&mut self) -> Result<Option<Held>> {
        let copy = copied(self.folder.path())?;
        let wrong = match Held::read(copy.path()) {
            Ok(held) => {
                let wrong = self.world.history.wrong(&held);
                if wrong.is_empty() && !self.folder.path().join("stores.damaged").exists() {
                    return Ok(Some(held));
                }
                wrong.join(", ")
            }
            Err(error) => format!("{error:#}"),
        };
        eprintln!("after kill {}: {wrong}", self.kills);
        self.inconsistent += 1;
        self.folder = tempfile::tempdir()?;
        Ok(None)
    }

    /// All is here: the next day comes for this phone, or another phone begins.
    fn goes_on(&mut self, killed_since: u32) -> Result<()> {
        let took = self.world.counted.take();
        self.completed += 1;
        if self.is_first && killed_since > 0 {
            self.firsts = (self.firsts.0 + 1, self.firsts.1 + took);
        }
        if self.is_first {
            let day = self.world.city.quiet_day();
            self.world.import(&day, false)?;
            self.world.pass_day();
        } else {
            self.folder = tempfile::tempdir()?;
        }
        self.is_first = !self.is_first;
        Ok(())
    }

    fn to_city(&self, city_bytes: u64) -> Option<f64> {
        let (phones, bytes) = self.firsts;
        let each = bytes.checked_div(phones.into())?;
        Some((each as f64 / city_bytes as f64 * 10_000.0).round() / 10_000.0)
    }
}
