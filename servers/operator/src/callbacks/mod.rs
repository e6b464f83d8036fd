//! Confirmations told to the wallet company without being asked: kept in the transaction that decided
//! them, signed, and sent again until they are taken.

mod http;
mod rows;
mod signing;

pub use http::{Outbox, routes};
pub use rows::{Callback, put};
pub use signing::Signing;
