//! Rust's own time for the calls that the Kotlin and Swift packages time through the bindings
//! (`FfiBench.kt`, `FfiBench.swift`), by the same procedure, so that the three can be compared.
//!
//! `cargo xtask ffi` runs all three in one go, over the same servers and the same folder.

#![allow(missing_docs)]

mod cache;

use std::{
    env,
    hint::black_box,
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use tillsight::{
    PlaneShape, Wallet,
    phone::{Clock as _, SystemClock},
    sensed::Fix,
};

/// As many as the packages make.
const WARM_UP: usize = 5_000;
const CALLS: usize = 5_000;
/// How often they are made: others at work on the machine make a round slower, never faster.
const ROUNDS: usize = 7;
/// Processes that draw one screen each.
const STARTS: usize = 15;
/// Where the benches stand: Rome, Esquilino, within the harness's extract.
const PLACE: (f64, f64) = (41.8959, 12.5036);
/// Set in a process that draws one screen and ends.
const CHILD: &str = "TILLSIGHT_FIRST_SCREEN";

fn main() {
    let (Ok(server), Ok(folder)) = (env::var("TILLSIGHT_SERVER"), env::var("TILLSIGHT_CACHE"))
    else {
        println!("ffi: run it by `cargo xtask ffi`; nothing was measured");
        return;
    };
    let folder = Path::new(&folder);
    if env::var_os(CHILD).is_some() {
        println!("first {}", first_screen(folder).as_nanos());
        return;
    }
    if !folder.join("complete").exists() {
        std::fs::create_dir_all(folder).expect("the target folder can be written");
        cache::fill(folder, PLACE);
        std::fs::write(folder.join("complete"), "").expect("the target folder can be written");
    }
    calls(&server);
    let mut times: Vec<u128> = (0..STARTS).map(|_| child()).collect();
    times.sort_unstable();
    println!(
        "ffi rust: first screen {} us (median of {STARTS} processes, 100,000 stores)",
        times.get(STARTS / 2).copied().unwrap_or_default() / 1_000
    );
}

/// From the opening of the wallet to its first screen of a place.
fn first_screen(folder: &Path) -> Duration {
    let root_key = std::fs::read_to_string(folder.join(cache::ROOT_KEY)).expect("a filled cache");
    let begun = Instant::now();
    let wallet = open(folder, "", &root_key);
    let screen = wallet.sense_fix(fix()).expect("a screen");
    let time = begun.elapsed();
    let methods =
        screen.active.len() + screen.likely.len() + screen.unsure.len() + screen.inactive.len();
    assert!(screen.store.is_some() && methods == 5, "not what the cache holds: {screen:?}");
    time
}

fn child() -> u128 {
    let output = Command::new(env::current_exe().expect("a path"))
        .env(CHILD, "1")
        .output()
        .expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().strip_prefix("first ").and_then(|ns| ns.parse().ok()).expect("a time")
}

fn calls(server: &str) {
    let root_key = env::var("TILLSIGHT_ROOT_KEY").expect("the key of the server's register");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let online = open(folder.path(), server, &root_key);
    online.log_in("hanako".to_owned(), "correct horse battery staple".to_owned()).expect("log-in");
    online.prefetch(PLACE.0, PLACE.1).expect("the stores");
    drop(online);
    let wallet = open(folder.path(), "", &root_key);
    let drawn = median(|| wallet.sense_fix(fix()).expect("a screen").candidates.len());
    let screen = median(|| wallet.screen().candidates.len());
    println!("ffi rust: fix to screen {drawn}, screen {screen} ns (medians of {CALLS})");
    let plane = vec![128; 1280 * 720];
    let shape = PlaneShape { width: 1280, height: 1, row_stride: 1280, rotation_degrees: 0 };
    let refused = median(|| usize::from(wallet.sense_plane(&plane, shape).is_err()));
    println!("ffi rust: a 1280 x 720 plane handed over {refused} ns (medians of {CALLS})");
}

fn open(folder: &Path, server: &str, root_key: &str) -> Arc<Wallet> {
    testkit::open(folder, server, root_key, None, None).expect("a wallet")
}

fn fix() -> Fix {
    Fix {
        latitude: PLACE.0,
        longitude: PLACE.1,
        accuracy_m: 20.0,
        taken_at_ms: SystemClock.now_ms(),
        mocked: false,
        provider: None,
    }
}

/// Nanoseconds of the middle call: the middle round, and the best.
fn median(mut call: impl FnMut() -> usize) -> String {
    for _ in 0..WARM_UP {
        black_box(call());
    }
    let mut rounds: Vec<u128> = (0..ROUNDS).map(|_| round(&mut call)).collect();
    rounds.sort_unstable();
    let at = |index: usize| rounds.get(index).copied().unwrap_or_default();
    format!("{} (best round {})", at(ROUNDS / 2), at(0))
}

fn round(call: &mut impl FnMut() -> usize) -> u128 {
    let mut times: Vec<u128> = (0..CALLS)
        .map(|_| {
            let start = Instant::now();
            black_box(call());
            start.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    times.get(CALLS / 2).copied().unwrap_or_default()
}
