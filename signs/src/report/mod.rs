//! Readings as JSON, one value per input line, for harnesses and for tests against vector files.

mod frame;
mod rotating;

pub use frame::read_frame_json;
