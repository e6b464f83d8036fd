//! What an app lends the core: a key store, a clock and a log.

use std::sync::atomic::{AtomicI64, Ordering};

use tillsight::phone::{Clock, KeyStore, KeyStoreError, Log, LogEvent, LogLevel, SystemClock};

/// A key store that reverses what it seals: enough to tell sealed from open, and as cheap as the key
/// stores of the Kotlin and the Swift bench.
pub struct Reversing;

impl KeyStore for Reversing {
    fn seal(&self, mut secret: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        secret.reverse();
        Ok(secret)
    }

    fn unseal(&self, sealed: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        self.seal(sealed)
    }

    fn forget(&self) -> Result<(), KeyStoreError> {
        Ok(())
    }
}

/// A clock that goes with the system's or stands still, and is set ahead without waiting.
#[derive(Default)]
pub struct SetClock {
    /// Milliseconds since 1970 at which it stands; 0 while it goes.
    stands_at_ms: AtomicI64,
    ahead_ms: AtomicI64,
}

impl SetClock {
    /// One that stands at `now_ms`, milliseconds since 1970 and not 0.
    pub fn standing_at(now_ms: i64) -> Self {
        Self { stands_at_ms: AtomicI64::new(now_ms), ahead_ms: AtomicI64::new(0) }
    }

    /// Stops it where it is.
    pub fn stop(&self) {
        let now_ms = self.now_ms();
        self.ahead_ms.store(0, Ordering::Relaxed);
        self.stands_at_ms.store(now_ms, Ordering::Relaxed);
    }

    /// Sets it to `now_ms`, where it stands from now on.
    pub fn set(&self, now_ms: i64) {
        self.stands_at_ms.store(now_ms, Ordering::Relaxed);
    }

    /// Sets it ahead by `ms` milliseconds.
    pub fn pass_ms(&self, ms: i64) {
        self.ahead_ms.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for SetClock {
    fn now_ms(&self) -> i64 {
        let now_ms = match self.stands_at_ms.load(Ordering::Relaxed) {
            0 => SystemClock.now_ms(),
            stands_at_ms => stands_at_ms,
        };
        now_ms + self.ahead_ms.load(Ordering::Relaxed)
    }
}

/// A log that keeps no line.
pub struct Silent;

impl Log for Silent {
    fn log(&self, _: LogLevel, _: LogEvent) {}
}
