//! Beside the flow: the stores this phone knows, in SQLite, which else only `transfers` knows.
//!
//! It holds public data only and may be deleted at any time: a file that is damaged or foreign is set
//! aside, one of another root key replaced by an empty one, one of an earlier version upgraded. Storage
//! that is full or not to be written costs none. Reads have a connection of their own and never wait for
//! the writer.

mod file;
mod keys;
mod opening;
mod parts;
mod read;
mod room;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tile_tests;
mod visiting;
mod visits;
mod write;

pub(crate) use file::is_damage;
pub(crate) use keys::{ListedKey, RegisterKey, Vouched};
pub(crate) use opening::{Cache, CacheError, Lost};
pub(crate) use read::CellKey;
pub(crate) use visits::NOTED_FOR_MS;
pub(crate) use write::Written;
