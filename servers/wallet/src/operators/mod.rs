//! Settlement operators, as this server calls them.

mod breaker;
mod client;
mod recent;

pub use client::{Answer, Operator};
