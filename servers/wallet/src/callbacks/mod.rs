//! What operators send by themselves. In: a confirmation they signed; out: what it is about looks again.

mod http;

pub use http::routes;
