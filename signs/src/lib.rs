//! What a store shows to a phone: printed codes and radio frames, read and written.
//!
//! Every reader is *total*: any bytes or text give an answer or a named error, in bounded time and
//! without a panic. Nothing here opens a link, asks a clock, draws a random number or does any
//! other input or output; what such a thing would yield arrives as a value.
//!
//! - [`store_code`]: the signed Tillsight store code, printed on a counter or shown for one payment.
//! - [`frame`]: the frames of store beacons, iBeacon, AltBeacon and Eddystone.
//! - [`eid`]: Eddystone's ephemeral ids, which rotate so that a recording soon proves nothing.
#![warn(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod eid;
pub mod frame;
#[cfg(feature = "report")]
pub mod report;
pub mod store_code;
