//! Payments at stores: what a terminal charges, the member who agrees to pay it, refunds, and the
//! store's closing of its day. In: a charge, a scanned payment code, an approval; out: one transfer in
//! the ledger or none, and both sides told the same.

mod acceptance;
mod capture;
mod http;
mod refunding;
mod rows;
mod rules;
mod tills;
mod token;

pub use acceptance::learn_from_payments;
pub use capture::Settlements;
pub use http::routes;
pub use tills::{NotDone, Tills};
