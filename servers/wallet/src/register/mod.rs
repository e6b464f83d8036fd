//! The store register: what is known of every store, in the database, and a snapshot of it in memory
//! for the question which stores are near.

mod access_points;
mod address;
mod claim_list;
mod claims;
mod country;
mod cut;
mod damaged;
mod delimited;
mod encoding;
mod generate;
mod geojson;
mod http;
mod import;
mod kind;
mod lines;
mod listed;
mod nearby;
mod osm;
mod quoting;
mod record;
mod save;
mod sink;
mod snapshot;
mod source_name;
mod summary;
mod table;
mod tags;
mod text;

pub use access_points::give_access_points;
pub use delimited::Columns;
pub use generate::{generate_missing, give_own_list};
pub use http::routes;
pub use import::{Import, import};
pub use nearby::Nearby;
pub use osm::{Drawn, drawing};
pub use record::Trouble;
pub use save::Saved;
pub use summary::{CurrencyBasis, CurrencyUse, Fault, Summary};
pub use table::all;
pub use table::{of_beacon, of_id, of_tile, revision};
pub use text::plain;
