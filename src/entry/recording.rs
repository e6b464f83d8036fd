//! Records what was sensed and judged, and replays it. Opt-in; JSON lines; times count from the
//! start of the recording, so that neither date nor member is in it.
//!
//! ```text
//! {"format":1,"positions":"exact"}
//! {"at":0,"fix":{"lat_e7":418960000,"lon_e7":125030000,"accuracy_m":12.0,"age_ms":900}}
//! {"at":0,"judged":{"state":"choose","stores":["6a2f..."],"permille":[412],"none":31,"alarm":false}}
//! ```

use domain::{Position, StoreId, Timestamp, from_json};
use serde::{Deserialize, Serialize};

use super::{CodeRead, Engine, Judgement, Motion, Nearby, Proof, Signal, State, StoreKey};
pub use crate::sensed::fix::RecordedPositions;
use crate::sensed::{Beacon, Bssid, Fix, FixProvider, MockedFixes, Sighting, WifiScan};

/// A recording does not grow beyond this many bytes: at 200 bytes a line, 40,000 signals.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// The instant a replay starts at. Any will do: the judgement knows only spans.
const REPLAY_START: Timestamp = Timestamp::from_unix_seconds(1_790_000_000);

/// Writes a recording line by line.
#[derive(Debug)]
pub struct Recorder {
    positions: RecordedPositions,
    started: Timestamp,
    written: usize,
}

/// Why a recording cannot be replayed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordingProblem {
    /// The positions were withheld.
    #[error("the recording holds no positions")]
    Withheld,
    /// This line (counted from 1) is not of the format.
    #[error("line {line} of the recording cannot be read")]
    Line {
        /// Counted from 1.
        line: usize,
    },
}

/// What a replay came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// Judgements compared.
    pub compared: usize,
    /// The first line (counted from 1) whose judgement came out otherwise.
    pub differs_at: Option<usize>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    format: u32,
    positions: RecordedPositions,
}

#[derive(Serialize, Deserialize)]
struct Line {
    at: i64,
    #[serde(flatten)]
    what: What,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    Fix {
        lat_e7: i32,
        lon_e7: i32,
        accuracy_m: f64,
        age_ms: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<FixProvider>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        mocked: bool,
    },
    Beacon {
        major: u16,
        minor: u16,
        rssi: Option<i8>,
        power: Option<i8>,
        proven: bool,
        age_ms: i64,
    },
    Code {
        store: StoreId,
        proof: ProofLine,
        touched: bool,
    },
    Text(String),
    Wifi {
        joined: Option<[u8; 6]>,
        heard: Vec<([u8; 6], i8)>,
        age_ms: i64,
    },
    Chosen(StoreId),
    Denied(StoreId),
    Visits(Vec<(StoreId, u32)>),
    Motion(MotionLine),
    Scanning(bool),
    Screen(bool),
    StoresChanged(bool),
    Tick(bool),
    /// Positions are withheld: something of this kind came.
    Withheld(String),
    Judged(Judged),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ProofLine {
    Signed { place: Option<(Position, f64)> },
    Unsigned,
    Broken,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MotionLine {
    Still,
    Walking,
    Riding,
}

/// A judgement in a form that does not depend on the cache's keys.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Judged {
    state: String,
    stores: Vec<StoreId>,
    permille: Vec<u16>,
    none: u16,
    alarm: bool,
}

impl Recorder {
    /// Starts a recording at `now`; the first line goes to `out`.
    pub fn start(now: Timestamp, positions: RecordedPositions, out: &mut String) -> Self {
        let mut recorder = Self { positions, started: now, written: 0 };
        recorder.line(&Header { format: 1, positions }, out);
        recorder
    }

    /// Appends a signal and the judgement it came to. `id_of` names the store of a cache key.
    /// Returns `false`, and appends nothing, once the recording is full.
    pub fn record(
        &mut self,
        now: Timestamp,
        signal: &Signal,
        judgement: &Judgement,
        id_of: &dyn Fn(StoreKey) -> Option<StoreId>,
        out: &mut String,
    ) -> bool {
        if self.written >= MAX_BYTES {
            return false;
        }
        let at = now.millis_since(self.started);
        let what = match self.positions {
            RecordedPositions::Exact => sensed(now, signal),
            RecordedPositions::Withheld => withheld(signal),
        };
        self.line(&Line { at, what }, out);
        if self.positions == RecordedPositions::Exact {
            let what = What::Judged(Judged::of(judgement, id_of));
            self.line(&Line { at, what }, out);
        }
        true
    }

    fn line(&mut self, line: &impl Serialize, out: &mut String) {
        // None of the lines can fail: no map with keys that are no strings, no failing writer.
        if let Ok(text) = serde_json::to_string(line) {
            self.written += text.len() + 1;
            out.push_str(&text);
            out.push('\n');
        }
    }
}

/// What one line of a recording says.
enum Step {
    Sensed(Signal),
    Judged(Judged),
}

/// The steps of a recording, each with its line (counted from 1) and its instant; ends after the
/// first problem.
fn steps(
    recording: &str,
    began: Timestamp,
) -> impl Iterator<Item = Result<(usize, Timestamp, Step), RecordingProblem>> {
    let mut lines = recording.lines().zip(1..);
    let header = lines.next().and_then(|(text, _)| from_json::<Header>(text).ok());
    let problem = match header {
        Some(Header { format: 1, positions: RecordedPositions::Exact }) => None,
        Some(Header { format: 1, positions: RecordedPositions::Withheld }) => {
            Some(RecordingProblem::Withheld)
        }
        _ => Some(RecordingProblem::Line { line: 1 }),
    };
    let readable = problem.is_none();
    let read = move |(text, line)| {
        let step = || {
            let Line { at, what } = from_json(text).ok()?;
            let now = Timestamp(began.0.saturating_add(at));
            let step = match what {
                What::Judged(judged) => Step::Judged(judged),
                what => Step::Sensed(signal(now, what)?),
            };
            Some((line, now, step))
        };
        step().ok_or(RecordingProblem::Line { line })
    };
    let mut ended = false;
    let steps = problem.into_iter().map(Err).chain(lines.filter(move |_| readable).map(read));
    steps.take_while(move |step| !std::mem::replace(&mut ended, step.is_err()))
}

/// What was sensed in a recording, in order, each with the instant it was sensed at if the recording
/// `began` then: for a caller that replays it through more than the judgement. Ends after the first
/// problem.
pub fn signals(
    recording: &str,
    began: Timestamp,
) -> impl Iterator<Item = Result<(Timestamp, Signal), RecordingProblem>> {
    steps(recording, began).filter_map(|step| match step {
        Ok((_, now, Step::Sensed(signal))) => Some(Ok((now, signal))),
        Ok((_, _, Step::Judged(_))) => None,
        Err(problem) => Some(Err(problem)),
    })
}

/// Replays a recording over `nearby` with a new engine and compares the judgements.
///
/// # Errors
/// [`RecordingProblem`].
pub fn replay(
    recording: &str,
    nearby: &dyn Nearby,
    id_of: &dyn Fn(StoreKey) -> Option<StoreId>,
) -> Result<Replayed, RecordingProblem> {
    let mut engine = Engine::new();
    let mut replayed = Replayed { compared: 0, differs_at: None };
    for step in steps(recording, REPLAY_START) {
        match step? {
            (_, now, Step::Sensed(signal)) => {
                engine.sense(now, &signal, nearby);
            }
            (line, _, Step::Judged(judged)) => {
                replayed.compared += 1;
                if judged != Judged::of(engine.judgement(), id_of) {
                    replayed.differs_at = replayed.differs_at.or(Some(line));
                }
            }
        }
    }
    Ok(replayed)
}

impl Judged {
    fn of(judgement: &Judgement, id_of: &dyn Fn(StoreKey) -> Option<StoreId>) -> Self {
        let state = match judgement.state {
            State::Here { key } => id_of(key).map_or("here".to_owned(), |id| format!("here {id}")),
            State::Choose => "choose".to_owned(),
            State::Nowhere => "nowhere".to_owned(),
        };
        let permille = |probability: f64| (probability * 1_000.0).round() as u16;
        Self {
            state,
            stores: judgement.candidates.iter().filter_map(|c| id_of(c.key)).collect(),
            permille: judgement.candidates.iter().map(|c| permille(c.probability)).collect(),
            none: permille(judgement.none_probability),
            alarm: judgement.alarm.is_some(),
        }
    }
}

fn sensed(now: Timestamp, signal: &Signal) -> What {
    match signal {
        Signal::Fix(fix) => What::Fix {
            lat_e7: fix.position().lat_e7(),
            lon_e7: fix.position().lon_e7(),
            accuracy_m: fix.accuracy_m(),
            age_ms: now.millis_since(fix.taken_at()),
            provider: fix.provider(),
            mocked: fix.mocked(),
        },
        Signal::Beacon(sighting) => What::Beacon {
            major: sighting.beacon.major,
            minor: sighting.beacon.minor,
            rssi: sighting.rssi_dbm,
            power: sighting.power_dbm,
            proven: sighting.proven,
            age_ms: now.millis_since(sighting.seen_at),
        },
        Signal::Code(CodeRead { store, proof, touched }) => {
            let proof = match *proof {
                Proof::Signed { place } => ProofLine::Signed { place },
                Proof::Unsigned => ProofLine::Unsigned,
                Proof::Broken => ProofLine::Broken,
            };
            What::Code { store: *store, proof, touched: *touched }
        }
        Signal::Text(text) => What::Text(text.clone()),
        Signal::Wifi(scan) => What::Wifi {
            joined: scan.joined.map(|Bssid(bytes)| bytes),
            heard: scan.heard.iter().map(|&(Bssid(bytes), rssi)| (bytes, rssi)).collect(),
            age_ms: now.millis_since(scan.seen_at),
        },
        Signal::Chosen(store) => What::Chosen(*store),
        Signal::Denied(store) => What::Denied(*store),
        Signal::Visits(visits) => What::Visits(visits.clone()),
        Signal::Motion(Motion::Still) => What::Motion(MotionLine::Still),
        Signal::Motion(Motion::Walking) => What::Motion(MotionLine::Walking),
        Signal::Motion(Motion::Riding) => What::Motion(MotionLine::Riding),
        Signal::Scanning(on) => What::Scanning(*on),
        Signal::Screen(open) => What::Screen(*open),
        Signal::StoresChanged => What::StoresChanged(true),
        Signal::Tick => What::Tick(true),
    }
}

fn withheld(signal: &Signal) -> What {
    let kind = match signal {
        Signal::Fix(_) => "fix",
        Signal::Beacon(_) => "beacon",
        Signal::Code(_) => "code",
        Signal::Text(_) => "text",
        Signal::Wifi(_) => "wifi",
        Signal::Chosen(_) => "chosen",
        Signal::Denied(_) => "denied",
        Signal::Visits(_) => "visits",
        Signal::Motion(_)
        | Signal::Scanning(_)
        | Signal::Screen(_)
        | Signal::StoresChanged
        | Signal::Tick => return sensed(Timestamp::default(), signal),
    };
    What::Withheld(kind.to_owned())
}

fn signal(now: Timestamp, what: What) -> Option<Signal> {
    let before = |age_ms: i64| Timestamp(now.0.saturating_sub(age_ms));
    Some(match what {
        What::Fix { lat_e7, lon_e7, accuracy_m, age_ms, provider, mocked } => {
            let position = Position::from_e7(lat_e7, lon_e7).ok()?;
            let fix = Fix {
                latitude: position.lat(),
                longitude: position.lon(),
                accuracy_m,
                taken_at_ms: before(age_ms).0,
                mocked,
                provider,
            };
            // Checked when it was recorded; a line that was tampered with is refused here.
            Signal::Fix(fix.check_with(now, MockedFixes::Accepted).ok()?)
        }
        What::Beacon { major, minor, rssi, power, proven, age_ms } => Signal::Beacon(Sighting {
            beacon: Beacon { major, minor },
            rssi_dbm: rssi,
            power_dbm: power,
            proven,
            seen_at: before(age_ms),
        }),
        What::Code { store, proof, touched } => {
            let proof = match proof {
                ProofLine::Signed { place } => Proof::Signed { place },
                ProofLine::Unsigned => Proof::Unsigned,
                ProofLine::Broken => Proof::Broken,
            };
            Signal::Code(CodeRead { store, proof, touched })
        }
        What::Text(text) => Signal::Text(text),
        What::Wifi { joined, heard, age_ms } => Signal::Wifi(WifiScan {
            joined: joined.map(Bssid),
            heard: heard.into_iter().map(|(bytes, rssi)| (Bssid(bytes), rssi)).collect(),
            seen_at: before(age_ms),
        }),
        What::Chosen(store) => Signal::Chosen(store),
        What::Denied(store) => Signal::Denied(store),
        What::Visits(visits) => Signal::Visits(visits),
        What::Motion(MotionLine::Still) => Signal::Motion(Motion::Still),
        What::Motion(MotionLine::Walking) => Signal::Motion(Motion::Walking),
        What::Motion(MotionLine::Riding) => Signal::Motion(Motion::Riding),
        What::Scanning(on) => Signal::Scanning(on),
        What::Screen(open) => Signal::Screen(open),
        What::StoresChanged(_) => Signal::StoresChanged,
        What::Tick(_) => Signal::Tick,
        What::Withheld(_) | What::Judged(_) => return None,
    })
}
