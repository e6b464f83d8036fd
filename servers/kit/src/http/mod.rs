//! HTTP around a server's routes.

mod bearer;
mod body;
mod problem;
mod running;

pub use bearer::bearer;
pub use body::Json;
pub use problem::Refused;
pub use running::{Running, serve, stop_signal};
