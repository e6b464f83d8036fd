//! A hard case from real radio: six beacons on two floors, hung 6 m high, whose metadata and values
//! disagree about who hangs where. No judgement can be right there; it must notice.

use domain::{Position, StoreId};

use super::street::{at, sighting_of};
use crate::{
    entry::{Details, Engine, Nearby, Signal, State, StoreKey, StorePosition},
    sensed::Beacon,
};

/// A store round each beacon, with the floor and the sector its metadata says; sectors 5 m apart.
struct Building;

const BEACONS: [(f32, f64); 6] =
    [(0.0, 1.0), (0.0, 10.0), (0.0, 19.0), (1.0, 1.0), (1.0, 4.0), (1.0, 7.0)];

impl Building {
    fn place(key: i64) -> Option<StorePosition> {
        let (_, sector) = BEACONS.get(usize::try_from(key).ok()?)?;
        let position = Position::from_degrees(0.0, sector * 5.0 / 111_195.0).ok()?;
        Some(StorePosition { key: StoreKey(key), position })
    }
}

impl Nearby for Building {
    fn within(&self, _centre: Position, _radius_m: f64, out: &mut Vec<StorePosition>) {
        out.extend((0..6).filter_map(Self::place));
    }
    fn by_beacon(&self, beacon: Beacon) -> Option<StorePosition> {
        Self::place(beacon.major.into())
    }
    fn by_id(&self, _id: StoreId) -> Option<StorePosition> {
        None
    }
    fn details(&self, keys: &[StoreKey], out: &mut Vec<Details>) {
        out.extend(keys.iter().map(|&key| Details {
            key,
            beacon: Some(Beacon { major: key.0 as u16, minor: 1 }),
            level: BEACONS.get(key.0 as usize).map(|(floor, _)| *floor),
            ..Details::default()
        }));
    }
}

#[test]
fn beacons_that_contradict_their_register_leave_it_open() {
    let (mut right_first, mut here_right, mut here_wrong, mut instants) = (0, 0, 0, 0);
    let (mut engine, mut sector, mut second) = (Engine::new(), String::new(), 0.0);
    for line in include_str!("data/two-floors.csv").lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let floor: f32 = fields[0].parse().unwrap();
        let name = fields[..2].join(",");
        if name != sector {
            (engine, sector, second) = (Engine::new(), name, 0.0);
            engine.sense(at(0.0), &Signal::Screen(true), &Building);
            engine.sense(at(0.0), &Signal::Scanning(true), &Building);
        }
        second += 1.0;
        for (beacon, rssi) in fields[2..].iter().enumerate() {
            // Sent at -8 dBm: about -67 dBm at 1 m.
            if let Ok(rssi) = rssi.parse() {
                let signal = sighting_of(second, beacon as u16, rssi, -67);
                engine.sense(at(second), &signal, &Building);
            }
        }
        let on_floor = |key: StoreKey| BEACONS[key.0 as usize].0 == floor;
        let judgement = engine.judgement();
        instants += 1;
        right_first += usize::from(on_floor(judgement.candidates[0].key));
        if let State::Here { key } = judgement.state {
            *(if on_floor(key) { &mut here_right } else { &mut here_wrong }) += 1;
        }
    }
    let share = |count: usize| 100.0 * count as f64 / f64::from(instants);
    println!(
        "of {instants} instants: likeliest store on the labelled floor {:.1} %, told right floor \
         {:.1} %, wrong floor {:.1} %",
        share(right_first),
        share(here_right),
        share(here_wrong)
    );
    assert!(share(here_right) + share(here_wrong) < 20.0, "told although nothing is certain");
}
