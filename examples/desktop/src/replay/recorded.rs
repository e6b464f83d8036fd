//! Recordings that a phone made, replayed over the stores of an extract: what was judged after each signal.

use std::{collections::HashMap, path::Path};

use anyhow::Context;
use domain::{Position, Store, StoreId, Timestamp};
use serde_json::{Value, json};
use tillsight::{
    entry::{
        Details, Engine, Nearby, State, StoreKey, StorePosition, level,
        recording::{MAX_BYTES, replay, signals},
    },
    sensed::{Beacon, Bssid},
};

use crate::lines;

/// The instant a replay starts at. Any will do: only spans matter.
const START: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);
/// Metres in a degree of latitude.
const METRES_A_DEGREE: f64 = 111_320.0;

/// The stores of an extract.
pub struct Register {
    stores: Vec<Store>,
    ids: HashMap<StoreId, usize>,
    beacons: HashMap<Beacon, usize>,
    access_points: HashMap<Bssid, usize>,
}

impl Register {
    /// Of these stores.
    pub fn of(stores: Vec<Store>) -> Self {
        let all = || stores.iter().enumerate();
        let beacon = |store: &Store| store.beacon.map(|(major, minor)| Beacon { major, minor });
        Self {
            ids: all().map(|(nth, store)| (store.id, nth)).collect(),
            beacons: all().filter_map(|(nth, store)| Some((beacon(store)?, nth))).collect(),
            access_points: all()
                .flat_map(|(nth, store)| store.access_points.iter().map(move |at| (*at, nth)))
                .collect(),
            stores,
        }
    }

    fn store(&self, StoreKey(key): StoreKey) -> Option<&Store> {
        self.stores.get(usize::try_from(key).ok()?)
    }

    fn place(&self, nth: usize) -> Option<StorePosition> {
        let position = self.stores.get(nth)?.position;
        Some(StorePosition { key: StoreKey(i64::try_from(nth).ok()?), position })
    }
}

impl Nearby for Register {
    fn within(&self, centre: Position, radius_m: f64, out: &mut Vec<StorePosition>) {
        let lat_step = radius_m / METRES_A_DEGREE;
        let lon_step = lat_step / centre.lat().to_radians().cos().max(0.01);
        out.extend((0..self.stores.len()).filter_map(|nth| self.place(nth)).filter(|place| {
            (place.position.lat() - centre.lat()).abs() <= lat_step
                && (place.position.lon() - centre.lon()).abs() <= lon_step
        }));
    }

    fn by_beacon(&self, beacon: Beacon) -> Option<StorePosition> {
        self.place(*self.beacons.get(&beacon)?)
    }

    fn by_access_point(&self, address: Bssid) -> Option<StorePosition> {
        self.place(*self.access_points.get(&address)?)
    }

    fn by_id(&self, id: StoreId) -> Option<StorePosition> {
        self.place(*self.ids.get(&id)?)
    }

    fn details(&self, keys: &[StoreKey], out: &mut Vec<Details>) {
        out.extend(keys.iter().filter_map(|&key| {
            let store = self.store(key)?;
            Some(Details {
                key,
                beacon: store.beacon.map(|(major, minor)| Beacon { major, minor }),
                access_points: store.access_points.clone(),
                level: level(&store.level),
                footprint: store.footprint.clone(),
            })
        }));
    }
}

/// Replays the recording at `path`: a JSON line after each signal, and one at the end that says whether
/// every judgement came out as it was recorded.
///
/// # Errors
/// When it cannot be read or is no recording, and when a judgement came out otherwise.
pub fn run(path: &Path, register: &Register) -> anyhow::Result<()> {
    let file = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {file}"))?;
    anyhow::ensure!(bytes.len() <= MAX_BYTES + 65_536, "{file} is longer than a recording");
    let text = String::from_utf8(bytes).with_context(|| format!("{file} is no recording"))?;
    let mut engine = Engine::new();
    for read in signals(&text, START) {
        let (now, signal) = read.with_context(|| file.to_string())?;
        engine.sense(now, &signal, register);
        lines::say(judged(&engine, now, register))?;
    }
    let id_of = |key| register.store(key).map(|store| store.id);
    let replayed = replay(&text, register, &id_of).with_context(|| file.to_string())?;
    lines::say(json!({ "compared": replayed.compared, "differs_at": replayed.differs_at }))?;
    match replayed.differs_at {
        Some(line) => anyhow::bail!("{file}, line {line}: this judgement comes out otherwise now"),
        None => Ok(()),
    }
}

fn judged(engine: &Engine, now: Timestamp, register: &Register) -> Value {
    let judgement = engine.judgement();
    let permille = |share: f64| (share * 1_000.0).round();
    let id = |key| register.store(key).map(|store| store.id.to_string());
    let stores = judgement.candidates.iter().map(|candidate| {
        let name = register.store(candidate.key).map(|store| store.name.as_str());
        json!({ "store": id(candidate.key), "name": name, "permille": permille(candidate.probability) })
    });
    let (place, store) = match judgement.state {
        State::Here { key } => ("here", id(key)),
        State::Choose => ("choose", None),
        State::Nowhere => ("nowhere", None),
    };
    json!({
        "at_s": now.millis_since(START) as f64 / 1_000.0, "place": place, "store": store,
        "stores": stores.collect::<Vec<_>>(), "none": permille(judgement.none_probability),
        "alarm": judgement.alarm.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use tillsight::{
        entry::{Signal, recording::Recorder},
        sensed::{Fix, fix::RecordedPositions},
    };

    use super::*;

    async fn register() -> Register {
        Register::of(crate::cast::stores_of(None).await.unwrap())
    }

    /// What a phone before a store's door would record, without a judgement that it does not come to.
    fn recording(register: &Register) -> String {
        let at = register.stores[0].position;
        let fix = Fix {
            latitude: at.lat(),
            longitude: at.lon(),
            accuracy_m: 12.0,
            taken_at_ms: START.0,
            mocked: false,
            provider: None,
        };
        let mut text = String::new();
        let mut recorder = Recorder::start(START, RecordedPositions::Exact, &mut text);
        let mut engine = Engine::new();
        let id_of = |key| register.store(key).map(|store| store.id);
        for signal in [Signal::Screen(true), Signal::Fix(fix.check(START).unwrap())] {
            engine.sense(START, &signal, register);
            recorder.record(START, &signal, engine.judgement(), &id_of, &mut text);
        }
        text
    }

    #[tokio::test]
    async fn a_recording_comes_out_as_it_was_and_one_that_was_changed_is_told_of() {
        let (register, folder) = (register().await, tempfile::tempdir().unwrap());
        let (file, text) = (folder.path().join("visit.jsonl"), recording(&register));
        std::fs::write(&file, &text).unwrap();
        run(&file, &register).unwrap();
        std::fs::write(&file, text.replace("\"choose\"", "\"nowhere\"")).unwrap();
        let said = run(&file, &register).unwrap_err().to_string();
        assert!(said.contains("line 5: this judgement comes out otherwise"), "{said}");
    }

    #[tokio::test]
    async fn what_is_no_recording_is_refused_with_its_line() {
        let (register, folder) = (register().await, tempfile::tempdir().unwrap());
        let file = folder.path().join("visit.jsonl");
        std::fs::write(&file, format!("{}nonsense\n", recording(&register))).unwrap();
        let said = format!("{:#}", run(&file, &register).unwrap_err());
        assert!(said.ends_with("line 6 of the recording cannot be read"), "{said}");
    }
}
