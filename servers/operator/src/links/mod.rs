//! Codes with which the holder of an account or a card links it to a wallet.

mod http;
mod rows;
mod rules;
mod seed;

pub use http::routes;
pub use seed::{SeedLink, check, put};
