//! At the door: from a position fix to the settlement screen, over one million stores, beside the
//! bare R*Tree query for the same points in the same run.
//!
//! `cargo bench --bench door` makes the cache once (some minutes) and keeps it under the target
//! folder. After criterion's figures it prints medians and 99th percentiles over 10,000 fixes, a line of
//! JSON.

use std::{
    f64::consts::TAU,
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use criterion::Criterion;
use domain::{Position, Store};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rusqlite::{Connection, params};
use serde_json::json;
use testkit::{
    SetClock,
    towns::{self, Towns},
};
use tillsight::{Wallet, phone::Clock as _, sensed::Fix};

const STORES: usize = 1_000_000;
const FIXES: usize = 10_000;
/// Towns of equal size: each fills the 3 x 3 tiles that one prefetch brings.
const TOWNS: usize = 200;
/// Streets in a town, round which its stores lie.
const STREETS: usize = 120;
/// Reach of the bare query, metres (the nearest 20 within 150 m).
const REACH_M: f64 = 150.0;
const METRES_A_DEGREE: f64 = 111_320.0;

/// Where the towns are: far from each other, the same in every run.
fn town(number: usize) -> Position {
    let lat = 36.0 + (number / 20) as f64;
    let lon = -5.0 + (number % 20) as f64;
    Position::from_degrees(lat, lon).expect("on the earth")
}

/// A point of a town: on one of its streets, a few metres off.
fn point(town: Position, street: usize, random: &mut ChaCha8Rng) -> Position {
    let mut shape = ChaCha8Rng::seed_from_u64(street as u64);
    let (x, y) = (shape.random_range(-900.0..900.0), shape.random_range(-900.0..900.0));
    let direction = shape.random_range(0.0..TAU);
    let along = random.random_range(-200.0..200.0);
    let across = random.random_range(-12.0..12.0);
    let east: f64 = x + along * f64::cos(direction) - across * f64::sin(direction);
    let north: f64 = y + along * f64::sin(direction) + across * f64::cos(direction);
    let lon_scale = METRES_A_DEGREE * town.lat().to_radians().cos();
    Position::from_degrees(town.lat() + north / METRES_A_DEGREE, town.lon() + east / lon_scale)
        .expect("on the earth")
}

fn stores_of(number: usize) -> Vec<Store> {
    let mut random = ChaCha8Rng::seed_from_u64(number as u64);
    let store = |nth| {
        let street = random.random_range(0..STREETS);
        let accepted = towns::accepted(&mut random);
        towns::store(number, nth, point(town(number), street, &mut random), accepted)
    };
    (0..STORES / TOWNS).map(store).collect()
}

struct Door {
    wallet: Arc<Wallet>,
    clock: Arc<SetClock>,
    fixes: Vec<Position>,
    bare: Connection,
}

impl Door {
    fn open(folder: &Path) -> Self {
        let clock = Arc::new(SetClock::standing_at(600_000));
        let set_clock = Some(Arc::clone(&clock));
        let towns = Towns {
            middles: (0..TOWNS).map(town).collect(),
            stores_of: Box::new(stores_of),
            methods: towns::methods(),
        };
        let root_key = testkit::root_key();
        let wallet =
            testkit::open(folder, Towns::SERVER, &root_key, set_clock, Some(Arc::new(towns)))
                .expect("the folder can be written");
        if !folder.join("complete").exists() {
            wallet.log_in("bench".to_owned(), "bench".to_owned()).expect("logged in");
            for number in 0..TOWNS {
                let town = town(number);
                wallet.prefetch(town.lat(), town.lon()).expect("tiles are made");
                eprint!("\r{} of {TOWNS} towns ", number + 1);
            }
            eprintln!();
            fs::write(folder.join("complete"), "").expect("the folder can be written");
        }
        let mut random = ChaCha8Rng::seed_from_u64(7);
        let fixes = (0..FIXES)
            .map(|_| {
                let number = random.random_range(0..TOWNS);
                point(town(number), random.random_range(0..STREETS), &mut random)
            })
            .collect();
        let bare = Connection::open(folder.join("stores.sqlite")).expect("the cache opens");
        bare.execute_batch("PRAGMA mmap_size = 268435456").expect("a pragma");
        let stores: i64 = bare
            .query_row("SELECT count(*) FROM store", [], |row| row.get(0))
            .expect("the cache reads");
        println!("{stores} stores in the cache");
        Self { wallet, clock, fixes, bare }
    }

    /// Another place, ten minutes later: nothing sensed before helps.
    fn fix(&self, nth: usize) -> Fix {
        self.clock.pass_ms(600_000);
        let now = self.clock.now_ms();
        let place = self.fixes[nth % FIXES];
        Fix {
            latitude: place.lat(),
            longitude: place.lon(),
            accuracy_m: 15.0,
            taken_at_ms: now,
            mocked: false,
            provider: None,
        }
    }

    /// The nearest 20 within 150 m, keys and distances: what any answer needs at least.
    fn bare(&self, nth: usize) -> usize {
        let place = self.fixes[nth % FIXES];
        let lat_step = REACH_M / METRES_A_DEGREE;
        let scale = place.lat().to_radians().cos();
        let e7 = |degrees: f64| (degrees * 1e7) as i32;
        let mut statement = self
            .bare
            .prepare_cached(
                "SELECT key, south, west FROM place
                 WHERE south <= ?2 AND north >= ?1 AND west <= ?4 AND east >= ?3",
            )
            .expect("the cache reads");
        let mut rows = statement
            .query(params![
                e7(place.lat() - lat_step),
                e7(place.lat() + lat_step),
                e7(place.lon() - lat_step / scale),
                e7(place.lon() + lat_step / scale)
            ])
            .expect("the cache reads");
        let mut found: Vec<(f64, i64)> = Vec::new();
        while let Some(row) = rows.next().expect("the cache reads") {
            let key: i64 = row.get(0).expect("a key");
            let south: i32 = row.get(1).expect("a number");
            let west: i32 = row.get(2).expect("a number");
            let north_m = (f64::from(south) / 1e7 - place.lat()) * METRES_A_DEGREE;
            let east_m = (f64::from(west) / 1e7 - place.lon()) * METRES_A_DEGREE * scale;
            found.push((north_m.hypot(east_m), key));
        }
        found.sort_by(|one, other| one.0.total_cmp(&other.0));
        found.truncate(20);
        black_box(found).len()
    }
}

fn percentiles(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

fn main() {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let folder = target.join("bench-door");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let door = Door::open(&folder);
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("door");
    let mut nth = 0;
    group.bench_function("bare R*Tree query", |bencher| {
        bencher.iter(|| {
            nth += 1;
            door.bare(nth)
        });
    });
    group.bench_function("fix to settlement screen", |bencher| {
        bencher.iter(|| {
            nth += 1;
            door.wallet.sense_fix(door.fix(nth)).expect("a good fix")
        });
    });
    group.finish();
    criterion.final_summary();

    // In turn, so that the machine's moods meet both alike; at different places, so that neither
    // finds the pages that the other has just read.
    let (mut bare, mut screen, mut found) = (Vec::new(), Vec::new(), 0);
    for nth in 0..FIXES {
        let begun = Instant::now();
        black_box(door.bare(nth + FIXES / 2));
        bare.push(begun.elapsed());
        let fix = door.fix(nth);
        let begun = Instant::now();
        let drawn = black_box(door.wallet.sense_fix(fix).expect("a good fix"));
        screen.push(begun.elapsed());
        found += usize::from(drawn.store.is_some());
    }
    assert!(found > FIXES * 9 / 10, "only {found} of {FIXES} fixes in towns found a store");
    let ((bare_median, bare_p99), (median, p99)) = (percentiles(bare), percentiles(screen));
    let us = |time: Duration| time.as_nanos() as f64 / 1e3;
    let line = json!({
        "found": found,
        "fixes": FIXES,
        "bare_us_median": us(bare_median),
        "bare_us_p99": us(bare_p99),
        "screen_us_median": us(median),
        "screen_us_p99": us(p99),
        "ratio": (median.as_secs_f64() / bare_median.as_secs_f64() * 100.0).round() / 100.0,
    });
    println!("{line}");
}
