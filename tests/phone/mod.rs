//! A phone for tests: a core with a fixed clock, a key store of its own and no log.

use std::sync::Arc;

use tempfile::TempDir;
use tillsight::{
    Wallet, WalletConfig, WalletError,
    phone::{Clock, HttpTransport, KeyStore, KeyStoreError, Log, LogEvent, LogLevel},
    sensed::Fix,
};

/// The instant at which the tests take place.
pub const NOW_MS: i64 = 1_790_000_000_000;

/// A good fix: Rome, Piazza Vittorio.
pub const FIX: Fix = Fix {
    latitude: 41.8947,
    longitude: 12.5045,
    accuracy_m: 12.0,
    taken_at_ms: NOW_MS,
    mocked: false,
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
    let config = WalletConfig {
        folder: folder.to_owned(),
        server_url: server_url.to_owned(),
        language: "en".to_owned(),
    };
    Wallet::open(config, Arc::new(Reversed), Some(Arc::new(Fixed)), Arc::new(NoLog), transport)
}

/// Reverses what it seals: enough to tell sealed from open.
struct Reversed;

impl KeyStore for Reversed {
    fn seal(&self, mut secret: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        secret.reverse();
        Ok(secret)
    }

    fn unseal(&self, sealed: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        self.seal(sealed)
    }
}

struct Fixed;

impl Clock for Fixed {
    fn now_ms(&self) -> i64 {
        NOW_MS
    }
}

struct NoLog;

impl Log for NoLog {
    fn log(&self, _: LogLevel, _: LogEvent) {}
}
