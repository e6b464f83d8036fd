//! One cast for tests, benches and the desktop harness: servers, a town, its terminals, a phone.
//!
//! [`Servers`] are the real ones on free ports, over whatever world they are given; [`Cast`] puts the
//! three stores of [`town`] and one member before them; a [`Phone`] is a core with what an app would
//! lend it. What is sealed, seeded and booked here is made up: no secret is worth keeping.

mod cast;
mod company;
mod field;
mod network;
mod phone;
mod platform;
mod register;
mod run;
mod servers;
pub mod town;
pub mod towns;

pub use self::network::Network;
pub use cast::{Cast, Visitor, ask_all};
pub use company::company_token;
pub use field::{Held, hold};
pub use phone::{FIX, NOW_MS, Phone, open};
pub use platform::{Reversing, SetClock, Silent};
pub use register::{
    BEACONS, FAR, digits, keys, network, reply, root, root_key, session, signed, signed_by,
    tile_key, tile_list,
};
pub use run::{folder, secret};
pub use servers::{Servers, wallet_data};
