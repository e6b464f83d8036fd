//! A phone for tests: a core whose clock stands still, with no server or one of the test's own.

use std::{path::Path, sync::Arc};

use tempfile::TempDir;
use testkit::SetClock;
use tillsight::{Wallet, WalletError, phone::HttpTransport, sensed::Fix};

/// The instant at which the tests take place.
pub const NOW_MS: i64 = 1_790_000_000_000;

/// A good fix: Rome, Piazza Vittorio.
pub const FIX: Fix = Fix {
    latitude: 41.8947,
    longitude: 12.5045,
    accuracy_m: 12.0,
    taken_at_ms: NOW_MS,
    mocked: false,
    provider: None,
};

pub struct Phone {
    pub wallet: Arc<Wallet>,
    _folder: TempDir,
}

impl Phone {
    pub fn offline() -> Self {
        Self::with_server("")
    }

    pub fn with_server(url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let wallet = open_in(&folder.path().display().to_string(), url).unwrap();
        Self { wallet, _folder: folder }
    }
}

pub fn open_in(folder: &str, server_url: &str) -> Result<Arc<Wallet>, WalletError> {
    open_with(folder, server_url, None)
}

/// With a wallet server of the test's own in place of the network.
pub fn open_with(
    folder: &str,
    server_url: &str,
    transport: Option<Arc<dyn HttpTransport>>,
) -> Result<Arc<Wallet>, WalletError> {
    let clock = Arc::new(SetClock::standing_at(NOW_MS));
    let root_key = testkit::root_key();
    testkit::open(Path::new(folder), server_url, &root_key, Some(clock), transport)
}
