//! What a member's phones are told as it happens. In: what changes in the database, and
//! a call that waits; out: their ids, for the phone to ask.

mod http;
mod rows;
mod waiting;

pub use http::routes;
pub use waiting::Waiting;
