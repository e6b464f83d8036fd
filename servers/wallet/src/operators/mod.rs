//! Settlement operators, as this server calls them.

mod breaker;
mod http;
mod recent;
mod until;

pub use http::{Answer, Operator};
