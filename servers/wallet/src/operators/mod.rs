//! Settlement operators, as this server calls them.

mod client;

pub use client::{Answer, Operator};
