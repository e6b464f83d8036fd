//! The store register: what is known of every store, in the database, and an index over where they
//! are, in memory.

mod generate;
mod geojson;
mod import;
mod listed;
mod nearby;
mod osm;
mod record;
mod rows;
mod save;
mod sink;
mod summary;
mod table;

pub use generate::generate_missing;
pub use import::{Import, import};
pub(crate) use nearby::{Nearby, revision};
pub use record::Trouble;
pub use rows::Columns;
pub use save::Saved;
pub use summary::Summary;
pub use table::all;
pub(crate) use table::{of_beacon, of_id, of_tile};
