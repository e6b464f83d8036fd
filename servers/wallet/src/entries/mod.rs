//! Entries: which store a sign speaks of, and which of the member's methods work there.

mod http;

pub use http::routes;
