//! Any bytes as a camera plane: the first eight are its width, height, row stride and turn.
//!
//! The decoder catches what panics inside an engine. libFuzzer's hook would end the program before
//! that, so it is taken off: what the decoder lets through still ends it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tillsight::sensed::camera::{Decoder, Plane, Turn};

fuzz_target!(init: drop(std::panic::take_hook()), |data: &[u8]| {
    let [w0, w1, h0, h1, s0, s1, turn, _, luma @ ..] = data else {
        return;
    };
    let number = |low: &u8, high: &u8| u32::from(u16::from_le_bytes([*low, *high]));
    let turn = match turn % 4 {
        0 => Turn::None,
        1 => Turn::Quarter,
        2 => Turn::Half,
        _ => Turn::ThreeQuarters,
    };
    if let Ok(plane) = Plane::new(luma, number(w0, w1), number(h0, h1), number(s0, s1), turn) {
        let _ = Decoder::read_still(&plane, Decoder::STILL_BUDGET);
    }
});
