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
pub use instructions::{Callback, Debit, capture_id, is_of, refund_id};
pub use named::{OperatorConfig, Operators, Unclear};
