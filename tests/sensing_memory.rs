//! What sensing costs in memory: nothing for other people's adverts, and a bounded amount a day.

use allocation_counter::measure;
use domain::{Position, StoreId, Timestamp};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use signs::{
    eid::EidTable,
    frame::{EddystoneEid, EddystoneUid, IBeacon},
};
use testkit::BEACONS;
use tillsight::{
    entry::{Details, Engine, Nearby, Signal, StoreKey, StorePosition},
    sensed::{Beacon, BeaconReport, Bssid, Fix, ReportProblem, Sighting, WifiScan},
};

const START_MS: i64 = 1_790_000_000_000;

/// Stores in a square of 600 m, 6 m apart (14 times as dense as the densest of Rome), each with a
/// beacon, an access point and an outline.
struct City;

const SIDE: i64 = 100;

impl City {
    fn place(key: i64) -> Option<StorePosition> {
        let (row, column) = (key / SIDE, key % SIDE);
        let position =
            Position::from_degrees(41.9 + row as f64 * 54e-6, 12.5 + column as f64 * 72e-6).ok()?;
        (0..SIDE * SIDE).contains(&key).then_some(StorePosition { key: StoreKey(key), position })
    }

    /// 100 corners, the most a register keeps, 3 m round the store.
    fn outline(key: i64) -> Vec<Position> {
        let Some(StorePosition { position, .. }) = Self::place(key) else { return Vec::new() };
        let corner = |index: i32| {
            let (north, east) = (f64::from(index) * std::f64::consts::TAU / 100.0).sin_cos();
            Position::from_degrees(position.lat() + north * 27e-6, position.lon() + east * 36e-6)
        };
        (0..100).filter_map(|index| corner(index).ok()).collect()
    }
}

impl Nearby for City {
    fn within(&self, centre: Position, radius_m: f64, out: &mut Vec<StorePosition>) {
        let reach = (radius_m / 6.0).ceil() as i64;
        let row = ((centre.lat() - 41.9) / 54e-6).round() as i64;
        let column = ((centre.lon() - 12.5) / 72e-6).round() as i64;
        for row in (row - reach).max(0)..=(row + reach).min(SIDE - 1) {
            for column in (column - reach).max(0)..=(column + reach).min(SIDE - 1) {
                out.extend(Self::place(row * SIDE + column));
            }
        }
    }
    fn by_beacon(&self, beacon: Beacon) -> Option<StorePosition> {
        Self::place(beacon.major.into())
    }
    fn by_access_point(&self, Bssid([.., high, low]): Bssid) -> Option<StorePosition> {
        Self::place(u16::from_be_bytes([high, low]).into())
    }
    fn by_id(&self, id: StoreId) -> Option<StorePosition> {
        Self::place(i64::try_from(id.0.as_u128()).ok()?)
    }
    fn details(&self, keys: &[StoreKey], out: &mut Vec<Details>) {
        out.extend(keys.iter().map(|&key| Details {
            key,
            beacon: Some(Beacon { major: key.0 as u16, minor: 1 }),
            footprint: Self::outline(key.0),
            ..Details::default()
        }));
    }
}

fn ibeacon(uuid: uuid::Uuid, major: u16) -> Vec<u8> {
    IBeacon { uuid, major, minor: 1, power: (-59).into() }.advert()
}

fn report(bytes: Vec<u8>, heard_at_ms: i64) -> BeaconReport {
    BeaconReport::Advertisement { bytes, rssi_dbm: -70, heard_at_ms }
}

#[test]
fn what_is_no_store_beacon_is_dropped_without_an_allocation() {
    let mut tag = vec![0x1e, 0xff, 0x4c, 0x00, 0x12, 0x19];
    tag.resize(31, 0x5a);
    let cut = ibeacon(BEACONS, 3)[..20].to_vec();
    let uid = EddystoneUid { power: (-20).into(), namespace: [1; 10], instance: [2; 6] };
    let eid = EddystoneEid { power: (-20).into(), eid: [3; 8] };
    let rows = [
        ("a find-my tag", tag),
        ("another network's beacon", ibeacon(uuid::Uuid::from_u128(7), 3)),
        ("another format's beacon", uid.advert()),
        ("another network's rotating beacon", eid.advert()),
        ("an advert cut short", cut),
        ("nothing", vec![]),
        ("no advert", vec![0xff; 1_650]),
    ];
    for (what, bytes) in rows {
        let report = report(bytes, START_MS);
        let (mut answer, mut rotating) = (Ok(()), EidTable::new(10));
        let counted = measure(|| answer = report.sighting(Some(BEACONS), &mut rotating).map(drop));
        assert!(matches!(answer, Err(ReportProblem::Foreign | ReportProblem::Malformed)), "{what}");
        assert_eq!(counted.count_total, 0, "{what}");
    }
}

fn beacon(major: u16, ms: i64) -> Signal {
    Signal::Beacon(Sighting {
        beacon: Beacon { major, minor: 1 },
        rssi_dbm: Some(-62),
        power_dbm: Some(-59),
        proven: false,
        seen_at: Timestamp(ms),
    })
}

fn fix(key: i64, ms: i64) -> Signal {
    let position = City::place(key).unwrap().position;
    let (latitude, longitude) = (position.lat(), position.lon());
    let fix = Fix {
        latitude,
        longitude,
        accuracy_m: 12.0,
        taken_at_ms: ms,
        mocked: false,
        provider: None,
    };
    Signal::Fix(fix.check(Timestamp(ms)).unwrap())
}

/// The number of a beacon that no store has.
const NOBODYS: u16 = 60_000;

/// An engine that has stood in the city for two minutes with everything on.
fn warm() -> (Engine, i64) {
    let mut engine = Engine::new();
    let mut ms = START_MS;
    for signal in [Signal::Screen(true), Signal::Scanning(true)] {
        engine.sense(Timestamp(ms), &signal, &City);
    }
    for _ in 0..120 {
        ms += 1_000;
        engine.sense(Timestamp(ms), &fix(5_050, ms), &City);
        for major in (5_050..5_062).chain([NOBODYS]) {
            engine.sense(Timestamp(ms), &beacon(major, ms), &City);
        }
    }
    (engine, ms)
}

#[test]
fn a_beacon_that_no_store_has_costs_the_judgement_no_allocation() {
    let (mut engine, mut ms) = warm();
    let counted = measure(|| {
        for _ in 0..100 {
            ms += 500;
            engine.sense(Timestamp(ms), &beacon(NOBODYS, ms), &City);
        }
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn a_beacon_of_ours_heard_again_costs_the_judgement_no_allocation() {
    let (mut engine, mut ms) = warm();
    let before = engine.judgement().clone();
    let counted = measure(|| {
        for major in 5_050..5_062 {
            ms += 500;
            engine.sense(Timestamp(ms), &beacon(major, ms), &City);
        }
    });
    assert_eq!(counted.count_total, 0);
    assert_ne!(engine.judgement(), &before, "nothing was judged");
}

#[test]
fn a_day_of_sensing_everything_everywhere_stays_below_a_megabyte() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let counted = measure(|| {
        let mut engine = Engine::new();
        let visits = (0..400).map(|key| (StoreId(uuid::Uuid::from_u128(key)), 3)).collect();
        for signal in [Signal::Visits(visits), Signal::Screen(true), Signal::Scanning(true)] {
            engine.sense(Timestamp(START_MS), &signal, &City);
        }
        for visit in 0..96 {
            let ms = START_MS + visit * 900_000;
            let around = random.random_range(0..SIDE * SIDE);
            for step in 0..10 {
                let ms = ms + step * 1_000;
                engine.sense(Timestamp(ms), &fix(around, ms), &City);
                let scan = WifiScan {
                    joined: None,
                    heard: (0..64)
                        .map(|_| {
                            let [high, low] = random.random::<u16>().to_be_bytes();
                            (Bssid([2, 0, 0, 0, high, low]), -70)
                        })
                        .collect(),
                    seen_at: Timestamp(ms),
                };
                engine.sense(Timestamp(ms), &Signal::Wifi(scan), &City);
                for burst in 0..8 {
                    let major = if burst < 4 { around as u16 } else { random.random() };
                    let ms = ms + burst * 100;
                    engine.sense(Timestamp(ms), &beacon(major, ms), &City);
                }
            }
        }
    });
    println!("at most {} bytes at a time in a day", counted.bytes_max);
    assert!((100_000..1_000_000).contains(&counted.bytes_max), "{}", counted.bytes_max);
}
