//! Store terminals: who may sign payments and send the beacon of a store.

mod beacons;
mod http;
mod key;
mod rows;

pub use beacons::Beacons;
pub use http::routes;
pub use key::terminal_key;
