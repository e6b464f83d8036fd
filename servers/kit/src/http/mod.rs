//! HTTP around a server's routes.

mod bearer;
mod body;
mod connections;
mod cursor;
mod health;
mod idempotency;
mod loopback;
mod problem;
mod proxy;
mod running;
mod stop_signal;
mod stopping;

pub use bearer::bearer;
pub use body::Json;
pub use connections::{Limits, Peer, answer, answer_until};
pub use cursor::{Behind, behind, cursor};
pub use health::routes as health;
pub use idempotency::{IdempotencyKey, id_reused, replayed};
pub use loopback::is_loopback;
pub use problem::Refused;
pub use proxy::ProxyArgs;
pub use running::{EVENTS_PATH, Running, serve, serve_within};
pub use stop_signal::StopSignal;
pub use stopping::Stopping;
