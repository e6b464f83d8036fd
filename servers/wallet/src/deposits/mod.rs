//! Money put into a wallet from a linked account or card. A deposit is written down, reserved in the
//! ledger, authorised and captured at the operator and posted; every step has an id made from the
//! deposit's own, so that all of it can be done again from the start, as often as it takes, until the
//! operator has said what it did. Answers, callbacks and restarts only make it look again.

mod args;
mod http;
mod pursuit;
mod rows;
mod rules;

pub use args::DepositArgs;
pub use http::routes;
pub use pursuit::Deposits;
pub use rows::deposits_of;
