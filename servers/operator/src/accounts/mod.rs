//! Accounts with their histories.

mod http;
mod rows;
mod seed;

pub use http::routes;
pub use seed::{SeedAccount, put};
