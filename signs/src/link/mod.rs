//! Links on counters: GS1 Digital Link, UPI, and payment links of known hosts.
//!
//! Nothing here opens a link. A link is text to read; what it says is a claim of whoever printed it.

mod address;
mod gs1;
mod known;
mod upi;

pub use address::{Address, AddressError};
pub use gs1::{Gs1Error, Gs1Link};
pub use known::{KnownLink, known_link};
pub use upi::{UpiError, UpiLink};
