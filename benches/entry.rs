//! One signal into a judgement with 500 stores within reach, and the radio in front of it: reading
//! and cleaning advertisements.
//!
//! `cargo bench --bench entry`

use std::{collections::HashMap, hint::black_box};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use domain::{Position, StoreId, Timestamp};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use signs::{eid::EidTable, frame::IBeacon};
use testkit::BEACONS;
use tillsight::{
    entry::{Details, Engine, Motion, Nearby, Signal, StoreKey, StorePosition},
    sensed::{Beacon, BeaconReport, Fix, Sighting},
};

/// Stores within reach: more than the densest 150 m of Rome hold (135).
const STORES: usize = 500;
/// Beacons heard at a time.
const HEARD: u16 = 12;
const START: i64 = 1_790_000_000_000;

/// Stores in a square of 80 m, every third with a beacon, each with an outline of its own.
struct Market(HashMap<StoreKey, StorePosition>);

impl Market {
    fn new() -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        let place = |key| {
            let key = StoreKey(key);
            let mut off = || random.random_range(-40.0..40.0) / 111_195.0;
            let position = Position::from_degrees(off(), off()).expect("on the earth");
            (key, StorePosition { key, position })
        };
        Self((0..STORES as i64).map(place).collect())
    }

    /// 13 corners, the median of Rome's, 8 m round the store.
    fn outline(&self, key: StoreKey) -> Vec<Position> {
        let Some(place) = self.0.get(&key) else { return Vec::new() };
        let corner = |index: i32| {
            let angle = f64::from(index) * std::f64::consts::TAU / 13.0;
            let (north, east) = angle.sin_cos();
            let reach = 8.0 / 111_195.0;
            let (lat, lon) = (place.position.lat(), place.position.lon());
            Position::from_degrees(lat + north * reach, lon + east * reach)
        };
        (0..13).filter_map(|index| corner(index).ok()).collect()
    }

    fn beacon(key: StoreKey) -> Option<Beacon> {
        (key.0 % 3 == 0).then_some(Beacon { major: key.0 as u16, minor: 1 })
    }
}

impl Nearby for Market {
    fn within(&self, _centre: Position, _radius_m: f64, out: &mut Vec<StorePosition>) {
        out.extend(self.0.values());
    }
    fn by_beacon(&self, beacon: Beacon) -> Option<StorePosition> {
        self.0.get(&StoreKey(beacon.major.into())).copied()
    }
    fn by_id(&self, _id: StoreId) -> Option<StorePosition> {
        None
    }
    fn details(&self, keys: &[StoreKey], out: &mut Vec<Details>) {
        let details = |&key| Details {
            key,
            beacon: Self::beacon(key),
            footprint: self.outline(key),
            ..Details::default()
        };
        out.extend(keys.iter().map(details));
    }
}

fn fix(ms: i64, random: &mut ChaCha8Rng) -> Signal {
    let mut off = || random.random_range(-10.0..10.0) / 111_195.0;
    let (latitude, longitude) = (off(), off());
    let fix = Fix {
        latitude,
        longitude,
        accuracy_m: 12.0,
        taken_at_ms: ms,
        mocked: false,
        provider: None,
    };
    Signal::Fix(fix.check(Timestamp(ms)).expect("usable"))
}

fn sighting(ms: i64, random: &mut ChaCha8Rng) -> Signal {
    Signal::Beacon(Sighting {
        beacon: Beacon { major: random.random_range(0..HEARD) * 3, minor: 1 },
        rssi_dbm: Some(random.random_range(-95..-65)),
        power_dbm: Some(-59),
        proven: false,
        seen_at: Timestamp(ms),
    })
}

/// An engine that has stood in the market for two minutes with everything on.
fn warm(market: &Market, random: &mut ChaCha8Rng) -> (Engine, i64) {
    let mut engine = Engine::new();
    let mut ms = START;
    for signal in [Signal::Motion(Motion::Still), Signal::Screen(true), Signal::Scanning(true)] {
        engine.sense(Timestamp(ms), &signal, market);
    }
    while ms < START + 120_000 {
        ms += 1_000;
        engine.sense(Timestamp(ms), &fix(ms, random), market);
        for step in 1..8 {
            engine.sense(Timestamp(ms + step * 60), &sighting(ms + step * 60, random), market);
        }
    }
    (engine, ms)
}

fn judgement(criterion: &mut Criterion) {
    let market = Market::new();
    let mut group = criterion.benchmark_group("entry, 500 stores within reach");
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let (mut engine, mut ms) = warm(&market, &mut random);
    group.bench_function("a sighting into a judgement", |bencher| {
        bencher.iter(|| {
            ms += 60;
            let signal = sighting(ms, &mut random);
            black_box(engine.sense(Timestamp(ms), &signal, &market).none_probability)
        });
    });
    let (mut engine, mut ms) = warm(&market, &mut random);
    group.bench_function("a fix into a judgement", |bencher| {
        bencher.iter(|| {
            ms += 1_000;
            let signal = fix(ms, &mut random);
            black_box(engine.sense(Timestamp(ms), &signal, &market).none_probability)
        });
    });
    group.bench_function("the first fix into a judgement", |bencher| {
        let signal = fix(START, &mut random);
        bencher.iter(|| {
            let mut engine = Engine::new();
            black_box(engine.sense(Timestamp(START), &signal, &market).none_probability)
        });
    });
    group.finish();
}

fn radio(criterion: &mut Criterion) {
    let beacon = |uuid| IBeacon { uuid, major: 3, minor: 1, power: (-59).into() }.advert().to_vec();
    let ours = beacon(BEACONS);
    let other = beacon(uuid::Uuid::from_u128(7));
    // What fills a street: a find-my tag (Apple, type 0x12).
    let mut tag = vec![0x1e, 0xff, 0x4c, 0x00, 0x12, 0x19];
    tag.resize(31, 0x5a);
    let mut group = criterion.benchmark_group("radio");
    group.throughput(Throughput::Elements(1));
    for (name, bytes) in [("ours", ours), ("another network's", other), ("a find-my tag's", tag)] {
        let report = BeaconReport::Advertisement { bytes, rssi_dbm: -70, heard_at_ms: START };
        group.bench_function(format!("an advertisement of {name}, read and cleaned"), |bencher| {
            bencher.iter(|| {
                black_box(black_box(&report).sighting(Some(BEACONS), &mut EidTable::new(10)))
            });
        });
    }
    group.finish();
}

criterion_group!(benches, judgement, radio);
criterion_main!(benches);
