//! Instructions to a settlement operator, and the callbacks that confirm them.

mod genuine;
mod http;

pub use genuine::Callback;
