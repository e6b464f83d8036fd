//! Links on counters: GS1 Digital Link, UPI, payment links of known hosts, and links that carry a
//! payment code.
//!
//! Nothing here opens a link. A link is text to read; what it says is a claim of whoever printed it.

mod address;
mod carried;
mod gs1;
mod known;
mod upi;

pub use address::{Address, AddressError};
pub use carried::carried_code;
pub use gs1::{Gs1Error, Gs1Link};
pub use known::{KnownLink, known_link};
pub use upi::{UpiError, UpiLink};
