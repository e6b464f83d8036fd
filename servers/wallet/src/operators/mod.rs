//! Settlement operators, as this server calls them.

mod breaker;
mod http;
mod instructions;
mod recent;
mod until;

pub use http::{Answer, Operator};
pub use instructions::Callback;
