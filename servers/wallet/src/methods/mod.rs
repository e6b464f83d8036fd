//! Registered payment methods: linked at an operator, listed with their balances.

mod http;
mod linking;
mod method;
mod rows;

pub use http::{registered, routes};
pub use method::{Backing, HeldMethod, MAX_METHODS};
pub use rows::put;
