//! Each fault: a member's phone comes to a store that it does not know, and what it shows meanwhile and
//! once the fault has passed.

use std::{
    panic,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};
use clap::Args;
use serde::Serialize;

use crate::{
    front::Fault,
    link::{self, Weather},
    watched::{Watched, names_store},
    way::Way,
};

/// What to run, and how to say it.
#[derive(Args)]
pub struct Run {
    /// One fault alone.
    #[arg(long)]
    case: Option<String>,
    /// Print a line of JSON for each.
    #[arg(long)]
    json: bool,
    /// Which packets are lost.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// How long a first screen is waited for.
const LONGEST: Duration = Duration::from_secs(20);
/// How long nothing is shown of a store while everything is refused.
const BLOCKED: Duration = Duration::from_secs(5);
/// A call ends within 8 s; the rest is room for a busy machine.
const LONGEST_CALL: Duration = Duration::from_secs(12);
/// Of a new place, as the phone asks for it.
const MOST_ROUND_TRIPS: u32 = 2;
const YEAR_MS: i64 = 365 * 86_400_000;
/// A call is under way.
const MID_CALL: Duration = Duration::from_millis(100);

#[derive(Clone, Copy, Default)]
struct Case {
    name: &'static str,
    weather: Weather,
    fault: Fault,
    /// How far the phone's clock is ahead, ms.
    clock_ahead_ms: i64,
    /// The server has an address of IPv6 that nothing arrives at.
    with_v6: bool,
    changes_address: bool,
    /// Nothing of the store can be learnt while it lasts.
    blocks: bool,
}

impl Case {
    /// Whether a proxy of TCP cannot do it.
    fn needs_packets(&self) -> bool {
        self.weather.lost_percent > 0 || self.with_v6 || self.changes_address
    }
}

fn late(delay_ms: u64, lost_percent: u32) -> Weather {
    Weather { delay: Duration::from_millis(delay_ms), lost_percent, is_cut: false }
}

fn cases() -> Vec<Case> {
    let of = |name| Case { name, ..Case::default() };
    let cut = Weather { is_cut: true, ..Weather::default() };
    let blocked = |name, fault| Case { fault, blocks: true, ..of(name) };
    vec![
        of("none"),
        Case { weather: late(150, 0), ..of("delay") },
        Case { weather: late(25, 10), ..of("loss") },
        Case { weather: late(150, 1), ..of("delay and loss") },
        Case { weather: cut, blocks: true, ..of("cut") },
        blocked("resets", Fault::Reset),
        blocked("half bodies", Fault::HalfBody),
        blocked("wrong lengths", Fault::WrongLength),
        blocked("captive portal", Fault::Portal),
        blocked("expired certificate", Fault::Expired),
        Case { clock_ahead_ms: YEAR_MS, ..of("clock a year ahead") },
        Case { clock_ahead_ms: -YEAR_MS, ..of("clock a year behind") },
        Case { with_v6: true, ..of("IPv6 black hole") },
        Case { changes_address: true, weather: late(150, 0), ..of("address change in mid-call") },
    ]
}

/// What became of one.
#[derive(Serialize)]
struct Told {
    case: &'static str,
    /// From the fix to the screen of the store; absent where there was none while the fault lasted.
    first_screen_ms: Option<u64>,
    /// Calls that waited for each other until that screen.
    round_trips: Option<u32>,
    #[serde(skip)]
    most_round_trips: u32,
    longest_call_ms: u64,
    panicked: usize,
    /// Screens that said what is not so.
    wrong: usize,
    /// Without being switched off, once the fault had passed.
    recovered: bool,
    /// How long that took.
    recovered_ms: u64,
}

impl Told {
    fn is_good(&self) -> bool {
        self.panicked == 0
            && self.wrong == 0
            && self.recovered
            && self.round_trips.is_none_or(|trips| trips <= self.most_round_trips)
            && u128::from(self.longest_call_ms) <= LONGEST_CALL.as_millis()
    }
}

/// Runs what is asked for, over packets or through a proxy.
///
/// # Errors
/// When there is no such fault, or a phone bore one badly.
pub fn run_all(run: &Run, by_packets: bool) -> Result<()> {
    let mut asked = cases();
    asked.retain(|case| run.case.as_deref().is_none_or(|name| name == case.name));
    let names: Vec<_> = cases().iter().map(|case| case.name).collect();
    ensure!(!asked.is_empty(), "there is no such case; there are: {}", names.join(", "));
    let panics = count_panics();
    let mut way = Way::make(by_packets, run.seed)?;
    let mut bad = Vec::new();
    for case in asked {
        if case.needs_packets() && !by_packets {
            eprintln!("not tried, since it needs packets: {}", case.name);
            continue;
        }
        let told = bear(&case, &mut way, &panics)?;
        say(&told, run.json)?;
        if !told.is_good() {
            bad.push(told.case);
        }
    }
    if !bad.is_empty() {
        bail!("borne badly: {}", bad.join(", "));
    }
    Ok(())
}

fn count_panics() -> Arc<AtomicUsize> {
    let (count, before) = (Arc::new(AtomicUsize::new(0)), panic::take_hook());
    let counted = Arc::clone(&count);
    panic::set_hook(Box::new(move |panic| {
        counted.fetch_add(1, Ordering::Relaxed);
        before(panic);
    }));
    count
}

fn say(told: &Told, json: bool) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string(told)?);
        return Ok(());
    }
    let first = told.first_screen_ms.map_or("no screen of it".to_owned(), |ms| format!("{ms} ms"));
    let after = if told.recovered { "recovered" } else { "NOT RECOVERED" };
    let wrong = if told.wrong == 0 { String::new() } else { format!(", {} WRONG", told.wrong) };
    println!("{}: {first}, {after}{wrong}", told.case);
    Ok(())
}

fn bear(case: &Case, way: &mut Way, panics: &AtomicUsize) -> Result<Told> {
    way.heal()?;
    let before = panics.load(Ordering::Relaxed);
    let url = if case.with_v6 { &way.url_with_v6 } else { &way.url };
    let phone = Watched::switch_on(url, &way.root_key, &way.certificates)?;
    phone.clock.pass_ms(case.clock_ahead_ms);
    phone.log_in()?;
    // The connection of the log-in is closed with that.
    way.fault(case.fault)?;
    way.link.set(case.weather);
    phone.calls.forget();
    let begun = Instant::now();
    phone.arrive()?;
    if case.changes_address {
        thread::sleep(MID_CALL);
        link::change_address()?;
    }
    let first = phone.shown.first(if case.blocks { BLOCKED } else { LONGEST }, names_store);
    let took = begun.elapsed();
    let round_trips = phone.calls.round_trips();
    way.heal()?;
    let healed = Instant::now();
    let recovered = phone.recovers();
    let took_to_recover = healed.elapsed();
    let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    Ok(Told {
        case: case.name,
        first_screen_ms: first.as_ref().map(|_| ms(took)),
        round_trips: first.map(|_| round_trips),
        // The call whose answer never came is asked once more.
        most_round_trips: MOST_ROUND_TRIPS + u32::from(case.changes_address),
        longest_call_ms: ms(phone.calls.longest()),
        panicked: panics.load(Ordering::Relaxed) - before,
        wrong: phone.shown.wrong(),
        recovered,
        recovered_ms: ms(took_to_recover),
    })
}
