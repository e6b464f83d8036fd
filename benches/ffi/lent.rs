//! What the app lends, as cheap as it can be.

use tillsight::phone::{KeyStore, KeyStoreError, Log, LogEvent, LogLevel};

/// Reverses what it seals, as the key stores of the other languages' benches do.
pub struct Reversed;

impl KeyStore for Reversed {
    fn seal(&self, mut secret: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        secret.reverse();
        Ok(secret)
    }

    fn unseal(&self, mut sealed: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        sealed.reverse();
        Ok(sealed)
    }
}

/// Keeps no line.
pub struct Quiet;

impl Log for Quiet {
    fn log(&self, _: LogLevel, _: LogEvent) {}
}
