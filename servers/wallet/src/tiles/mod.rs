//! The register as map tiles, which phones keep.

mod http;
mod ready;

pub use http::routes;
pub use ready::Tiles;
