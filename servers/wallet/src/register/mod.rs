//! The store register: what is known of every store, in the database, and an index over where they
//! are, in memory.

mod generate;
mod import;
mod nearby;
mod osm;
mod record;
mod save;
mod summary;
mod table;

pub use generate::generate_missing;
pub use import::{Import, import};
pub(crate) use nearby::{Nearby, revision};
pub(crate) use record::Record;
pub use record::Trouble;
pub use save::Saved;
pub use summary::Summary;
pub use table::all;
pub(crate) use table::{of_beacon, of_id, of_tile};
