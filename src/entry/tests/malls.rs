//! Real radio in a mall of five floors: surveyors' walks along the corridors. The register is
//! learnt from all walks but the one replayed, so each walk is new to it.

use std::collections::BTreeMap;

use domain::{Position, StoreId};

use super::street::{at, sighting_of};
use crate::{
    entry::{
        Details, Engine, Motion, Nearby, Signal, State, StoreKey, StorePosition,
        projection::{Point, Projection},
    },
    sensed::{Beacon, Bssid, WifiScan},
};

/// What a walk notices, at milliseconds from its start.
enum Noticed {
    Waypoint(Point),
    /// Transmitter, strength at 1 m, strength.
    Beacon(u16, i8, i8),
    Scan(Vec<(u16, i8)>),
}

struct Walk {
    floor: f32,
    noticed: Vec<(i64, Noticed)>,
}

impl Walk {
    /// Where the surveyor was: on the line between two waypoints.
    fn position(&self, ms: i64) -> Point {
        let waypoints = self.noticed.iter().filter_map(|(at, noticed)| match noticed {
            Noticed::Waypoint(point) => Some((*at, *point)),
            _ => None,
        });
        let (before, after): (Vec<_>, Vec<_>) = waypoints.partition(|(at, _)| *at <= ms);
        match (before.last(), after.first()) {
            (Some(&(from, a)), Some(&(to, b))) => {
                let part = (ms - from) as f64 / (to - from) as f64;
                Point { x: a.x + part * (b.x - a.x), y: a.y + part * (b.y - a.y) }
            }
            (Some(&(_, point)), None) | (None, Some(&(_, point))) => point,
            (None, None) => panic!("a walk without waypoints"),
        }
    }
}

#[derive(Default)]
struct Mall {
    units: Vec<(f32, Point)>,
    walks: Vec<Walk>,
}

fn mall() -> Mall {
    let mut mall = Mall::default();
    for line in include_str!("data/mall-walks.csv").lines() {
        let (kind, rest) = line.split_once(',').unwrap();
        let fields: Vec<&str> = rest.split(',').collect();
        let number = |index: usize| fields[index].parse::<f64>().unwrap();
        let whole = |text: &str| text.parse::<i16>().unwrap();
        let point = || Point { x: number(1), y: number(2) };
        let noticed = match kind {
            "u" => {
                mall.units.push((number(0) as f32, point()));
                continue;
            }
            "w" => {
                mall.walks.push(Walk { floor: number(0) as f32, noticed: Vec::new() });
                continue;
            }
            "p" => Noticed::Waypoint(point()),
            "b" => Noticed::Beacon(
                whole(fields[1]).unsigned_abs(),
                whole(fields[2]) as i8,
                whole(fields[3]) as i8,
            ),
            "s" => Noticed::Scan(
                fields[1]
                    .split(' ')
                    .map(|heard| {
                        let (id, rssi) = heard.split_once(':').unwrap();
                        (whole(id).unsigned_abs(), whole(rssi) as i8)
                    })
                    .collect(),
            ),
            _ => panic!("{line}"),
        };
        mall.walks.last_mut().unwrap().noticed.push((number(0) as i64, noticed));
    }
    mall
}

/// The units, and which of them each transmitter is registered to.
struct Register<'a> {
    mall: &'a Mall,
    plane: Projection,
    homes: BTreeMap<u16, usize>,
}

impl<'a> Register<'a> {
    /// From all walks but one: a transmitter is at home in the unit nearest to where it was heard
    /// loudest.
    fn without(mall: &'a Mall, left_out: usize) -> Self {
        let mut loudest: BTreeMap<u16, (i8, f32, Point)> = BTreeMap::new();
        for (_, walk) in mall.walks.iter().enumerate().filter(|(index, _)| *index != left_out) {
            for (ms, noticed) in &walk.noticed {
                let heard = match noticed {
                    Noticed::Waypoint(_) => vec![],
                    Noticed::Beacon(id, _, rssi) => vec![(*id, *rssi)],
                    Noticed::Scan(heard) => heard.clone(),
                };
                for (id, rssi) in heard {
                    if loudest.get(&id).is_none_or(|(best, ..)| rssi > *best) {
                        loudest.insert(id, (rssi, walk.floor, walk.position(*ms)));
                    }
                }
            }
        }
        let homes = loudest
            .into_iter()
            .map(|(id, (_, floor, point))| (id, mall.nearest(floor, point)))
            .collect();
        let origin = Position::from_degrees(30.292, 120.073_5).unwrap();
        Self { mall, plane: Projection::at(origin), homes }
    }

    fn place(&self, unit: usize) -> StorePosition {
        let position = self.plane.position(self.mall.units[unit].1);
        StorePosition { key: StoreKey(unit as i64), position }
    }
}

impl Mall {
    fn nearest(&self, floor: f32, point: Point) -> usize {
        let far = |unit: &usize| self.units[*unit].1.distance(point);
        (0..self.units.len())
            .filter(|unit| self.units[*unit].0 == floor)
            .min_by(|one, other| far(one).total_cmp(&far(other)))
            .unwrap()
    }
}

fn access_point(id: u16) -> Bssid {
    let [high, low] = id.to_be_bytes();
    Bssid([2, 0, 0, 0, high, low])
}

impl Nearby for Register<'_> {
    fn within(&self, centre: Position, radius_m: f64, out: &mut Vec<StorePosition>) {
        let centre = self.plane.point(centre);
        let near = |unit: &usize| self.mall.units[*unit].1.distance(centre) <= radius_m;
        out.extend((0..self.mall.units.len()).filter(near).map(|unit| self.place(unit)));
    }
    fn by_beacon(&self, beacon: Beacon) -> Option<StorePosition> {
        Some(self.place(*self.homes.get(&beacon.major)?))
    }
    fn by_access_point(&self, Bssid([.., high, low]): Bssid) -> Option<StorePosition> {
        Some(self.place(*self.homes.get(&u16::from_be_bytes([high, low]))?))
    }
    fn by_id(&self, _id: StoreId) -> Option<StorePosition> {
        None
    }
    /// Without beacons: silence cannot count where nobody knows what sends.
    fn details(&self, keys: &[StoreKey], out: &mut Vec<Details>) {
        out.extend(keys.iter().map(|&key| Details {
            key,
            level: Some(self.mall.units[key.0 as usize].0),
            ..Details::default()
        }));
    }
}

#[derive(Default)]
struct Score {
    instants: u32,
    on_floor: u32,
    listed: u32,
    off_m: Vec<f64>,
    claimed: u32,
    claimed_wrong: u32,
}

fn replay(mall: &Mall, wifi: bool, motion: Option<Motion>) -> Score {
    let mut score = Score::default();
    for (left_out, walk) in mall.walks.iter().enumerate() {
        let register = Register::without(mall, left_out);
        let mut engine = Engine::new();
        engine.sense(at(0.0), &Signal::Screen(true), &register);
        engine.sense(at(0.0), &Signal::Scanning(true), &register);
        if let Some(motion) = motion {
            engine.sense(at(0.0), &Signal::Motion(motion), &register);
        }
        let mut second = 1;
        for (ms, noticed) in &walk.noticed {
            while *ms > second * 1_000 {
                engine.sense(at(second as f64), &Signal::Tick, &register);
                score.take(&engine, mall, walk.floor, walk.position(second * 1_000));
                second += 1;
            }
            let seconds = *ms as f64 / 1_000.0;
            match noticed {
                Noticed::Beacon(id, power, rssi) => {
                    engine.sense(at(seconds), &sighting_of(seconds, *id, *rssi, *power), &register);
                }
                Noticed::Scan(heard) if wifi => {
                    let heard = heard.iter().map(|&(id, rssi)| (access_point(id), rssi)).collect();
                    let scan = WifiScan { joined: None, heard, seen_at: at(seconds) };
                    engine.sense(at(seconds), &Signal::Wifi(scan), &register);
                }
                Noticed::Scan(_) | Noticed::Waypoint(_) => {}
            }
        }
    }
    score
}

impl Score {
    fn take(&mut self, engine: &Engine, mall: &Mall, floor: f32, point: Point) {
        let judgement = engine.judgement();
        // Nothing registered was heard yet: nothing is said, and nothing scored.
        let Some(first) = judgement.candidates.first() else { return };
        let unit = |key: StoreKey| mall.units[key.0 as usize];
        self.instants += 1;
        self.on_floor += u32::from(unit(first.key).0 == floor);
        self.off_m.push(unit(first.key).1.distance(point));
        let nearest = StoreKey(mall.nearest(floor, point) as i64);
        let offered = judgement.offered();
        self.listed += u32::from(offered.iter().take(3).any(|offer| offer.key == nearest));
        if let State::Here { key } = judgement.state {
            self.claimed += 1;
            let (on, at) = unit(key);
            self.claimed_wrong += u32::from(on != floor || at.distance(point) > 20.0);
        }
    }

    fn print(&mut self, what: &str) {
        let share = |count: u32| 100.0 * f64::from(count) / f64::from(self.instants);
        self.off_m.sort_unstable_by(f64::total_cmp);
        let off = |part: usize| self.off_m[self.off_m.len() * part / 10];
        println!(
            "{what}: {} s; likeliest unit on the walker's floor {:.0} %, {:.0} m off (median; a \
             tenth more than {:.0} m); nearest unit among the first 3 {:.0} %; claimed {:.1} %, of it \
             on the wrong floor or over 20 m off {}",
            self.instants,
            share(self.on_floor),
            off(5),
            off(9),
            share(self.listed),
            share(self.claimed),
            self.claimed_wrong,
        );
    }
}

#[test]
fn nobody_who_walks_through_a_mall_is_told_a_store() {
    let mall = mall();
    for (wifi, what) in [(false, "beacons"), (true, "beacons and Wi-Fi")] {
        let mut score = replay(&mall, wifi, Some(Motion::Walking));
        score.print(what);
        assert_eq!(score.claimed, 0, "{what}");
    }
    replay(&mall, true, None).print("beacons and Wi-Fi, the phone does not say that it is carried");
}
