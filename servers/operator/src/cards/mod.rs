//! Cards with their histories.

mod http;
mod rows;
mod seed;

pub use http::routes;
pub use seed::{SeedCard, put};
