//! Rust's own time for the calls that the Kotlin and Swift packages time through the bindings
//! (`FfiBench.kt`, `FfiBench.swift`), by the same procedure, so that the three can be compared.
//!
//! `cargo xtask ffi` runs all three in one go, over the same servers.

#![allow(missing_docs)]

use std::{hint::black_box, sync::Arc, time::Instant};

use tillsight::{
    PlaneShape, Wallet, WalletConfig,
    phone::{Clock, KeyStore, KeyStoreError, Log, LogLevel, SystemClock},
    sensed::Fix,
};

/// As many as the packages make.
const WARM_UP: usize = 5_000;
const CALLS: usize = 5_000;

fn main() {
    let Ok(server_url) = std::env::var("TILLSIGHT_SERVER") else {
        println!("ffi: TILLSIGHT_SERVER names no server, nothing was measured");
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = || WalletConfig {
        folder: folder.path().display().to_string(),
        server_url: server_url.clone(),
        language: "en".to_owned(),
    };
    let open = |config| {
        Wallet::open(config, Arc::new(Plain), Arc::new(SystemClock), Arc::new(Quiet), None)
            .expect("a wallet")
    };
    let online = open(config());
    online.log_in("hanako".to_owned(), "correct horse battery staple".to_owned()).expect("log-in");
    online.prefetch(41.8959, 12.5036).expect("the stores");
    drop(online);
    let wallet = open(WalletConfig { server_url: String::new(), ..config() });
    let fix = || Fix {
        latitude: 41.8959,
        longitude: 12.5036,
        accuracy_m: 20.0,
        taken_at_ms: SystemClock.now_ms(),
        mocked: false,
    };
    let drawn = median(|| wallet.sense_fix(fix()).expect("a screen").candidates.len());
    let screen = median(|| wallet.screen().candidates.len());
    println!("ffi rust: fix to screen {drawn} ns, screen {screen} ns (median of {CALLS})");
    let plane = vec![128; 1280 * 720];
    let shape = PlaneShape { width: 1280, height: 1, row_stride: 1280, rotation_degrees: 0 };
    let refused = median(|| usize::from(wallet.sense_plane(&plane, shape).is_err()));
    println!("ffi rust: a 1280 x 720 plane handed over {refused} ns (median of {CALLS})");
}

/// Nanoseconds of the middle call.
fn median(mut call: impl FnMut() -> usize) -> u128 {
    for _ in 0..WARM_UP {
        black_box(call());
    }
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

struct Plain;

impl KeyStore for Plain {
    fn seal(&self, secret: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        Ok(secret)
    }

    fn unseal(&self, sealed: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        Ok(sealed)
    }
}

struct Quiet;

impl Log for Quiet {
    fn log(&self, _: LogLevel, _: String) {}
}
