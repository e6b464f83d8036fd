//! What members prove themselves with: the password and the settlement code, changed by who knows the
//! present one and set anew by who gets a code at the contact, and the keys by which devices agree to
//! payments. In: the present secret or the code, and the new one; out: its hash, and sessions ended.

mod approval_keys;
mod http;
mod new_devices;
mod reset_rows;
mod rows;
mod unlock_limits;

pub use http::{confirm_settlement_code, confirm_signed, pays, routes};
pub use unlock_limits::put as allow_unlocked;
