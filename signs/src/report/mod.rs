//! Readings as JSON, one value per input line, for harnesses and for tests against vector files.

mod emvco;
mod frame;
mod hexadecimal;
mod rotating;
mod sign;

pub use emvco::emvco_json;
pub use frame::read_frame_json;
pub use sign::read_sign_json;
