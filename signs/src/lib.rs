//! What a store shows to a phone: printed codes and radio frames, read and written.
//!
//! Every reader is *total*: any bytes or text give an answer or a named error, in bounded time and
//! without a panic. Nothing here opens a link, asks a clock, draws a random number or does any
//! other input or output; what such a thing would yield arrives as a value.
//!
//! [`read`] says of any scanned text what it is; a payment code inside an acquirer's link is taken
//! out first by [`link::carried_code`]. The modules:
//!
//! - [`store_code`]: the signed Tillsight store code, printed on a counter or shown for one payment.
//! - [`emvco`]: EMVCo merchant-presented codes, the payment codes of most countries.
//! - [`link`]: GS1 Digital Link, UPI, and payment links of known hosts.
//! - [`frame`]: the frames of store beacons, iBeacon, AltBeacon and Eddystone.
//! - [`eid`]: Eddystone's ephemeral ids, which rotate so that a recording soon proves nothing.
//!
//! What such a sign says is a claim of whoever made it; only a store code can be proven. Two things
//! are known without a register: [`Sign::payee`] knows accounts of persons, and [`contradiction`]
//! knows a code that names another place.
#![warn(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod contradiction;
pub mod eid;
pub mod emvco;
pub mod frame;
pub mod link;
mod registry;
#[cfg(feature = "report")]
pub mod report;
mod sign;
pub mod store_code;

pub use contradiction::{Contradiction, StoreAddress, contradiction};
pub use registry::schemes;
pub use sign::{MAX_TEXT, Sign, TransferFormat, read};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
