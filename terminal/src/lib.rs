//! The store's side of Tillsight: one store of the register, its sign and its beacon.
//!
//! The wallet server signs what a store shows, so the terminal holds no key: it fetches the sign
//! and draws it as text, in the terminal, as SVG and PNG and as a sheet for the counter, and frames the beacon's advertisement.

mod fetch;
mod sheet;
mod sign;

pub use fetch::fetch;
pub use sheet::Paper;
pub use sign::ShownSign;
