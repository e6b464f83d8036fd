//! Store terminals: who may charge for a store and send its beacon.

mod beacons;
mod http;
mod key;
mod rotating;
mod rows;

pub use beacons::Beacons;
pub use http::{Terminal, routes};
pub use key::terminal_key;
pub use rotating::Ordered;
pub use rows::is_key_of;
