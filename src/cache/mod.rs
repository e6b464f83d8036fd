//! Beside the flow: the stores this phone knows, in SQLite. The only room that knows SQLite.
//!
//! It holds public data only and may be deleted at any time: a file that is truncated, foreign or
//! of another root key is replaced by an empty one, one of an earlier version is upgraded. Reads have a connection of their own and never
//! wait for the writer.

mod file;
mod keys;
mod read;
mod write;

pub(crate) use file::{Cache, CacheError};
pub(crate) use keys::{ListedKey, RegisterKey, Vouched};
pub(crate) use write::Written;
