//! The store register: what is known of every store, in the database, and an index over where they
//! are, in memory.

mod generate;
mod geojson;
mod http;
mod import;
mod in_question;
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
pub use http::routes;
pub use import::{Import, import};
pub use nearby::{Nearby, revision};
pub use record::Trouble;
pub use rows::Columns;
pub use save::Saved;
pub use summary::Summary;
pub use table::all;
pub use table::{of_beacon, of_id, of_tile};
