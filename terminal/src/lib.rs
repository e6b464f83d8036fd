//! The store's side of Tillsight: one store of the register, its sign and its beacon.
//!
//! The wallet server signs what a store shows, so the terminal holds no key: it fetches the sign
//! and draws it as text, in the terminal, as SVG and as PNG, and frames the beacon's advertisement.

mod fetch;
mod sign;

pub use fetch::fetch;
pub use sign::ShownSign;
