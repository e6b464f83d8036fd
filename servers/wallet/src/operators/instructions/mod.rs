//! Instructions to a settlement operator, and the callbacks that confirm them.

mod debit;
mod genuine;
mod http;

pub use debit::{Debit, capture_id, is_of, refund_id};
pub use genuine::Callback;
