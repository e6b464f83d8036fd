//! What each signal said, read off the core's own recording of what it sensed and judged.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use serde::Serialize;
use serde_json::{Value, json};
use tillsight::{Wallet, WalletError, entry::recording::RecordedPositions};

/// How many signals stay listed.
const MOST_SIGNALS: usize = 24;
/// A recording that is longer is begun anew, before the core would end it.
const LONGEST: u64 = 6 << 20;

/// A store in question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InQuestion {
    /// The store's id.
    pub store: String,
    /// How likely it is, per mille.
    pub permille: u64,
}

/// A signal, and what it did to the store that was the likeliest after it.
#[derive(Clone, Serialize)]
struct Said {
    /// Seconds since the recording began.
    at_s: f64,
    /// `fix`, `beacon`, `code`, `chosen`...
    kind: String,
    /// As recorded.
    what: Value,
    /// The store that was the likeliest after it.
    store: Option<String>,
    /// What its odds were multiplied by.
    factor: Option<f64>,
}

/// The recording under way, as far as it has been read.
pub struct Evidence {
    folder: PathBuf,
    number: u32,
    read_to: u64,
    half: String,
    stores: Vec<InQuestion>,
    none: u64,
    signals: Vec<Said>,
}

impl Evidence {
    /// None yet; recordings go to `folder`.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            number: 0,
            read_to: 0,
            half: String::new(),
            stores: Vec::new(),
            none: 1_000,
            signals: Vec::new(),
        }
    }

    /// What these lines of a recording say.
    pub fn of(lines: &[Value]) -> Self {
        let mut evidence = Self::new(Path::new(""));
        lines.iter().filter_map(Value::as_object).for_each(|line| evidence.take(line));
        evidence
    }

    fn file(&self) -> PathBuf {
        self.folder.join(format!("sensed-{}.jsonl", self.number))
    }

    /// Begins a recording, and with it the judgement, anew.
    ///
    /// # Errors
    /// As the core.
    pub fn begin(&mut self, wallet: &Wallet) -> Result<(), WalletError> {
        wallet.stop_recording();
        let _ = std::fs::remove_file(self.file());
        *self = Self { number: self.number + 1, ..Self::new(&self.folder) };
        wallet.start_recording(self.file().display().to_string(), RecordedPositions::Exact)
    }

    /// Whether it is time to begin anew.
    pub fn is_long(&self) -> bool {
        self.read_to > LONGEST
    }

    /// The recording so far.
    pub fn recording(&self) -> String {
        std::fs::read_to_string(self.file()).unwrap_or_default()
    }

    /// Reads what has been recorded since it was read last.
    pub fn read(&mut self) {
        let mut new = String::new();
        let read = File::open(self.file()).and_then(|mut file| {
            file.seek(SeekFrom::Start(self.read_to))?;
            file.read_to_string(&mut new)
        });
        self.read_to += read.unwrap_or(0) as u64;
        let text = std::mem::take(&mut self.half) + &new;
        let (lines, half) = text.rsplit_once('\n').unwrap_or(("", &text));
        half.clone_into(&mut self.half);
        for line in lines.lines() {
            if let Ok(Value::Object(line)) = serde_json::from_str(line) {
                self.take(&line);
            }
        }
    }

    fn take(&mut self, line: &serde_json::Map<String, Value>) {
        let Some((kind, what)) = line.iter().find(|(key, _)| *key != "at") else { return };
        if kind == "judged" {
            return self.judged(what);
        }
        // Of no weight for any store.
        if matches!(kind.as_str(), "format" | "positions" | "tick" | "stores_changed") {
            return;
        }
        let at_s = line.get("at").and_then(Value::as_f64).unwrap_or(0.0) / 1_000.0;
        let said = Said { at_s, kind: kind.clone(), what: what.clone(), store: None, factor: None };
        self.signals.push(said);
        let over = self.signals.len().saturating_sub(MOST_SIGNALS);
        self.signals.drain(..over);
    }

    fn judged(&mut self, judged: &Value) {
        let list = |key: &str| judged[key].as_array().cloned().unwrap_or_default();
        let stores = list("stores").into_iter().zip(list("permille"));
        let stores = stores.filter_map(|(store, permille)| {
            Some(InQuestion { store: store.as_str()?.to_owned(), permille: permille.as_u64()? })
        });
        let before = std::mem::replace(&mut self.stores, stores.collect());
        self.none = judged["none"].as_u64().unwrap_or(0);
        let Some(first) = self.stores.first() else { return };
        let odds = |permille: u64| {
            let permille = permille.clamp(1, 999) as f64;
            permille / (1_000.0 - permille)
        };
        let was = before.iter().find(|it| it.store == first.store).map_or(1, |it| it.permille);
        if let Some(said) = self.signals.last_mut().filter(|said| said.store.is_none()) {
            said.store = Some(first.store.clone());
            said.factor = Some(odds(first.permille) / odds(was));
        }
    }

    /// As the page shows it, the newest signal first.
    pub fn json(&self) -> Value {
        let signals: Vec<&Said> = self.signals.iter().rev().collect();
        json!({ "stores": self.stores, "none": self.none, "signals": signals })
    }
}
