//! Accounts with their histories.

mod http;
mod rows;
mod seed;

pub use http::routes;
pub use rows::name;
pub use seed::{SeedAccount, put};
