//! All that is kept of one member: seen, changed, taken along, and gone when the member leaves. This
//! room knows the others' tables; none of them knows it.

mod email_rows;
mod http;
mod leaving;
mod rows;

pub use http::routes;
