//! A short run of hostile planes in every test run: the long ones are by hand (`fuzz/README.md`).

mod hostile;

use hostile::Hostile;
use std::time::Duration;
use tillsight::sensed::camera::{Decoder, Plane};

/// Planes drawn; their longest side is small, for this runs unoptimised.
const PLANES: u64 = 150;
const SIDE: u32 = 240;

#[test]
fn hostile_planes_are_survived_and_what_is_no_code_is_not_read() {
    let mut looked_at = 0;
    for number in 0..PLANES {
        let hostile = Hostile::draw(1, number, SIDE);
        let Ok(plane) = hostile.plane() else { continue };
        looked_at += 1;
        let mut decoder = Decoder::with_budget(Duration::from_millis(20));
        let reading = match number % 2 {
            0 => Decoder::read_still(&plane, Duration::from_millis(40)),
            _ => decoder.read(&plane),
        };
        assert!(
            reading.codes.is_empty() || hostile.holds_codes(),
            "plane {number}, {}: {:?}",
            hostile.kind,
            reading.codes
        );
        for (x, y) in reading.codes.iter().flat_map(|code| code.corners) {
            let far = (4 * Plane::MAX_SIDE) as f32;
            assert!(x.abs() < far && y.abs() < far, "plane {number}: a corner at {x}, {y}");
        }
    }
    // That the hammer meets the decoder at all.
    assert!(looked_at > PLANES / 2, "{looked_at} planes");
}

#[test]
fn a_poster_of_two_thousand_eyes_is_given_up_and_holds_no_code() {
    let poster = Hostile::poster(1280, 720, 2_000, 2);
    let reading = Decoder::read_still(&poster.plane().unwrap(), Duration::from_millis(500));
    assert_eq!(reading.codes, []);
}
