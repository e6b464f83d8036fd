//! The store register: what is known of every store, in the database, and an index over where they
//! are, in memory.

mod nearby;
mod save;
mod table;

pub(crate) use nearby::{Nearby, revision};
pub use save::{Batch, Saved};
pub(crate) use table::{of_beacon, of_id, of_tile};
