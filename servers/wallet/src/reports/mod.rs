//! What members report of stores: what happened at the till, in which week. In: a blinded secret from a member, then
//! reports from whoever holds one; out: sums by week, of which what enough members say becomes evidence. Must not know: who reports.

mod http;
mod key;
mod learning;
mod published;
mod rows;
mod told_keys;

pub use http::routes;
pub use key::WeekKeys;
pub use learning::{learn_from_reports, publish};
pub use told_keys::{renew_keys, told_keys};
