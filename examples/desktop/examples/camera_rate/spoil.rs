//! Fifteen ways to spoil a photograph of a code. Lengths are in modules of the code, so that large
//! and small photographs suffer alike; strengths were set so that rxing alone reads about half.

use std::f32::consts::{PI, TAU};

use image::{GrayImage, codecs::jpeg::JpegEncoder};
use rand::{RngExt, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

use crate::{
    optics::{Point, defocused, noisy, relit, resized, shaken, warped},
    photograph::Photograph,
};

/// One way to spoil a photograph; 1 is its whole strength.
pub type Way = fn(&Photograph, f32, &mut ChaCha8Rng) -> GrayImage;

pub const WAYS: [(&str, Way); 15] = [
    ("motion blur", motion_blur),
    ("defocus", defocus),
    ("low light and noise", low_light),
    ("glare", glare),
    ("shadow", shadow),
    ("low contrast", low_contrast),
    ("small modules", small_modules),
    ("perspective 45-60", perspective),
    ("cylinder", cylinder),
    ("crumpled", crumpled),
    ("jpeg", jpeg),
    ("inverted", inverted),
    ("damaged", damaged),
    ("rotated", rotated),
    ("three at once", three_at_once),
];

fn motion_blur(photograph: &Photograph, strength: f32, random: &mut ChaCha8Rng) -> GrayImage {
    let modules = strength * random.random_range(0.6..1.8);
    shaken(&photograph.picture, modules * photograph.module, random.random_range(0.0..PI))
}

fn defocus(photograph: &Photograph, strength: f32, random: &mut ChaCha8Rng) -> GrayImage {
    defocused(&photograph.picture, strength * random.random_range(0.3..0.75) * photograph.module)
}

fn low_light(photograph: &Photograph, strength: f32, random: &mut ChaCha8Rng) -> GrayImage {
    let left = 1.0 - strength * random.random_range(0.75..0.93);
    let dark = relit(&photograph.picture, |grey, _| grey * left);
    noisy(&dark, strength * random.random_range(2.0..7.0), random)
}

fn glare(photograph: &Photograph, strength: f32, random: &mut ChaCha8Rng) -> GrayImage {
    let middle = photograph.anywhere(random);
    let reach = strength * random.random_range(0.05..0.2) * photograph.side;
    relit(&photograph.picture, |grey, at| {
        grey + 400.0 * (-distance(at, middle).powi(2) / (2.0 * reach * reach)).exp()
    })
}

fn shadow(photograph: &Photograph, strength: f32, random: &mut ChaCha8Rng) -> GrayImage {
    let (middle, angle) = (photograph.anywhere(random), random.random_range(0.0..TAU));
    let left = 1.0 - strength * random.random_range(0.6..0.9);
    let edge = random.random_range(0.5..4.0) * photograph.module;
    relit(&photograph.picture, |grey, at| {
        let beyond = ((along(at, middle, angle) / edge).clamp(-1.0, 1.0) + 1.0) / 2.0;
        grey * (1.0 - beyond * (1.0 - left))
    })
}

fn low_contrast(photograph: &Photograph, strength: f32, random: &mut ChaCha8Rng) -> GrayImage {
    let left = 1.0 - strength * random.random_range(0.75..0.93);
    let grey = random.random_range(60.0..200.0);
    let flat = relit(&photograph.picture, |value, _| grey + (value - 128.0) * left);
    noisy(&flat, random.random_range(0.0..1.5), random)
}

fn small_modules(photograph: &Photograph, strength: f32, random: &mut ChaCha8Rng) -> GrayImage {
    let pixels = random.random_range(1.2..2.6) / strength;
    resized(&photograph.picture, (pixels / photograph.module).min(1.0))
}

fn perspective(photograph: &Photograph, strength: f32, random: &mut ChaCha8Rng) -> GrayImage {
    let tilt = strength * random.random_range(45f32..60.0).to_radians();
    let turn = random.random_range(0.0..TAU);
    // The camera is about two and a half codes away.
    let away = 2.5 * photograph.side;
    let (middle, (sin, cos)) = (photograph.middle, tilt.sin_cos());
    warped(&photograph.picture, |at| {
        let (x, y) = turned(at, middle, -turn);
        // The sheet's point that is seen through (x, y), of a sheet that leans back along y.
        let v = y * away / (away * cos - y * sin);
        let u = x * (away + v * sin) / away;
        let (x, y) = turned((u, v), (0.0, 0.0), turn);
        (middle.0 + x, middle.1 + y)
    })
}

fn cylinder(photograph: &Photograph, strength: f32, random: &mut ChaCha8Rng) -> GrayImage {
    // How much of the bottle the code goes around, to either side.
    let around = strength * random.random_range(15f32..55.0).to_radians();
    let radius = photograph.side / 2.0 / around;
    let turn = random.random_range(0.0..PI);
    let middle = photograph.middle;
    warped(&photograph.picture, |at| {
        let (x, y) = turned(at, middle, -turn);
        let seen = (x / radius).clamp(-0.999, 0.999);
        let (x, y) = turned((radius * seen.asin(), y), (0.0, 0.0), turn);
        (middle.0 + x, middle.1 + y)
    })
}

fn crumpled(photograph: &Photograph, strength: f32, random: &mut ChaCha8Rng) -> GrayImage {
    let creases: Vec<(Point, f32, f32)> = (0..random.random_range(3..8))
        .map(|_| {
            let slope = strength * random.random_range(-0.14..0.14);
            (photograph.anywhere(random), random.random_range(0.0..TAU), slope)
        })
        .collect();
    let bent = warped(&photograph.picture, |at| {
        creases.iter().fold(at, |(x, y), &(crease, angle, slope)| {
            // Beyond a crease the sheet leans, and what is on it is seen shorter or longer.
            let moved = slope * along(at, crease, angle).max(0.0);
            (x + moved * angle.cos(), y + moved * angle.sin())
        })
    });
    relit(&bent, |grey, at| {
        let lean: f32 = creases
            .iter()
            .filter(|(crease, angle, _)| along(at, *crease, *angle) > 0.0)
            .map(|(_, _, slope)| slope)
            .sum();
        grey * (1.0 - 1.2 * lean).clamp(0.3, 1.5)
    })
}

fn jpeg(photograph: &Photograph, strength: f32, random: &mut ChaCha8Rng) -> GrayImage {
    let small = resized(&photograph.picture, (3.0 / photograph.module).min(1.0));
    let quality = (random.random_range(2.0..14.0) / strength) as u8;
    let mut bytes = Vec::new();
    let encoded = JpegEncoder::new_with_quality(&mut bytes, quality.max(1)).encode_image(&small);
    encoded
        .ok()
        .and_then(|()| image::load_from_memory(&bytes).ok())
        .map_or(small, |picture| picture.into_luma8())
}

fn inverted(photograph: &Photograph, _: f32, _: &mut ChaCha8Rng) -> GrayImage {
    relit(&photograph.picture, |grey, _| 255.0 - grey)
}

fn damaged(photograph: &Photograph, strength: f32, random: &mut ChaCha8Rng) -> GrayImage {
    let mut picture = photograph.picture.clone();
    // What is hidden in all, as a part of the code.
    let mut left = strength * random.random_range(0.01..0.06) * photograph.side.powi(2);
    while left > 0.0 {
        let middle = photograph.anywhere(random);
        let (angle, thin) = (random.random_range(0.0..PI), random.random_range(0.15f32..1.0));
        let long = random.random_range(0.04..0.2) * photograph.side;
        let ink = *[15.0, 90.0, 240.0].choose(random).unwrap_or(&15.0);
        picture = relit(&picture, |grey, at| {
            let (x, y) = turned(at, middle, -angle);
            if (x / long).powi(2) + (y / (long * thin)).powi(2) < 1.0 { ink } else { grey }
        });
        left -= PI * long * long * thin;
    }
    picture
}

fn rotated(photograph: &Photograph, strength: f32, random: &mut ChaCha8Rng) -> GrayImage {
    let (angle, middle) = (random.random_range(0.0..TAU), photograph.middle);
    let turned = warped(&photograph.picture, |at| {
        let (x, y) = turned(at, middle, angle);
        (middle.0 + x, middle.1 + y)
    });
    let pixels = random.random_range(1.6..3.6) / strength;
    resized(&turned, (pixels / photograph.module).min(1.0))
}

fn three_at_once(photograph: &Photograph, strength: f32, random: &mut ChaCha8Rng) -> GrayImage {
    // Each milder than alone; those that change the size or hide the code's greys are left out.
    let milder: [Way; 8] =
        [motion_blur, defocus, low_light, shadow, perspective, cylinder, crumpled, damaged];
    let mut photograph = photograph.clone();
    for way in milder.sample(random, 3) {
        photograph.picture = way(&photograph, 0.55 * strength, random);
    }
    photograph.picture
}

/// One of a burst: the hand and the light are a little otherwise in every frame.
pub fn frame_of_burst(photograph: &Photograph, random: &mut ChaCha8Rng) -> GrayImage {
    let module = photograph.module;
    let (angle, size) = (random.random_range(-0.05..0.05), random.random_range(0.96..1.04f32));
    let away = (random.random_range(-2.0..2.0) * module, random.random_range(-2.0..2.0) * module);
    let middle = photograph.middle;
    let tilted = warped(&photograph.picture, |at| {
        let (x, y) = turned(at, middle, angle);
        (middle.0 + size * x + away.0, middle.1 + size * y + away.1)
    });
    let blurred =
        shaken(&tilted, random.random_range(0.0..0.8) * module, random.random_range(0.0..PI));
    let light = random.random_range(0.8..1.2);
    noisy(&relit(&blurred, |grey, _| grey * light), random.random_range(0.0..3.0), random)
}

fn distance(one: Point, other: Point) -> f32 {
    (one.0 - other.0).hypot(one.1 - other.1)
}

/// How far `at` is from `from` towards `angle`.
fn along(at: Point, from: Point, angle: f32) -> f32 {
    (at.0 - from.0) * angle.cos() + (at.1 - from.1) * angle.sin()
}

/// `at` as seen from `middle`, turned by `angle`.
fn turned(at: Point, middle: Point, angle: f32) -> Point {
    let ((x, y), (sin, cos)) = ((at.0 - middle.0, at.1 - middle.1), angle.sin_cos());
    (x * cos - y * sin, x * sin + y * cos)
}
