//! Settlement operators, as this server calls them.

mod breaker;
mod http;
mod recent;

pub use http::{Answer, Operator};
