//! Money that moves: the wallet company's instructions come in, each is decided once by the rules,
//! and its confirmation is told again whenever it is asked for. What an instruction is tricked into
//! in the sandbox and how confirmations are called back is not known here.

mod http;
mod rows;
mod rules;
mod standing;

pub use http::{Desk, routes};
