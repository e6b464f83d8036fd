//! Beside the flow: what the app must lend the core, because only the platform has it.
//!
//! All of these are synchronous and are never called while the core holds a lock, so that an
//! implementation may call back into the wallet.

mod database_files;
mod log;
mod platform;
mod position_use;
mod storage;
mod vault;
#[cfg(test)]
mod vault_tests;

pub(crate) use database_files::{database_files, put_database_aside, remove_database};
pub use log::{Log, LogEvent, LogLevel};
pub use platform::{
    Clock, HttpFailure, HttpHeader, HttpReply, HttpRequest, HttpTransport, KeyStore, KeyStoreError,
    MOST_HEADER_BYTES, MOST_HEADERS, SystemClock,
};
pub use position_use::{PositionUse, PositionUseKind};
pub(crate) use storage::StorageTrouble;
pub(crate) use vault::{Secrets, Token, Vault, VaultError};
