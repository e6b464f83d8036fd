//! What stands around each server: answers as problem+json, limits, the request log, the embedded
//! database, logs without personal data, and a stop that finishes what was begun.

mod bearer;
mod body;
mod database;
mod logs;
mod problem;
mod running;

pub use bearer::bearer;
pub use body::Json;
pub use database::open_database;
pub use logs::{LogArgs, LogFormat};
pub use problem::Refused;
pub use running::{Running, serve, stop_signal};
