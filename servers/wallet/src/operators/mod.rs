//! Settlement operators, as this server calls them.

mod args;
mod balances;
mod breaker;
mod http;
mod instructions;
mod named;
mod recent;
mod until;

pub use args::OperatorArgs;
pub use http::{Answer, Operator};
pub use instructions::Callback;
pub use named::{OperatorConfig, Operators, Unclear};
