//! What goes wrong on purpose, by the amount, so that a wallet company can try how it copes. Off
//! unless the server was started with `--sandbox`.

mod tricks;

pub use tricks::Sandbox;
