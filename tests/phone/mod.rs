//! A phone for tests: a core whose clock stands still, with no server or one of the test's own.

use std::{path::Path, sync::Arc};

use tempfile::TempDir;
use testkit::SetClock;
pub use testkit::{FIX, NOW_MS};
use tillsight::{Wallet, WalletError, phone::HttpTransport};

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
