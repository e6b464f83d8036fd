//! What only a photograph is searched for: several codes, small ones in a large picture, and print
//! that breaks the rules.

use image::{GrayImage, Luma, imageops};
use std::time::Duration;
use tillsight::sensed::camera::{Decoder, Plane, Turn};

const UNHURRIED: Duration = Duration::from_secs(120);

fn texts(picture: &GrayImage) -> Vec<String> {
    let (width, height) = picture.dimensions();
    let plane = Plane::new(picture.as_raw(), width, height, width, Turn::None).unwrap();
    let codes = Decoder::read_still(&plane, UNHURRIED).codes;
    let mut texts: Vec<String> = codes.into_iter().map(|code| code.text).collect();
    texts.sort();
    texts
}

/// A code of `scale` pixels a module with a quiet zone of `margin` modules.
fn code(content: &str, scale: u32, margin: u32) -> GrayImage {
    let code = qrcode::QrCode::new(content).unwrap();
    let (modules, colors) = (code.width() as u32, code.to_colors());
    let side = (modules + 2 * margin) * scale;
    GrayImage::from_fn(side, side, |x, y| {
        let (x, y) = ((x / scale).wrapping_sub(margin), (y / scale).wrapping_sub(margin));
        let inside = x < modules && y < modules;
        let dark = inside && colors[(y * modules + x) as usize] == qrcode::Color::Dark;
        Luma([if dark { 20 } else { 235 }])
    })
}

#[test]
fn a_poster_gives_all_its_codes_whatever_their_size() {
    let mut poster = GrayImage::from_pixel(1100, 1100, Luma([235]));
    for (text, scale, x, y) in
        [("large", 18, 40, 40), ("middle", 5, 700, 60), ("small", 3, 900, 900)]
    {
        imageops::replace(&mut poster, &code(text, scale, 4), x, y);
    }
    assert_eq!(texts(&poster), ["large", "middle", "small"]);
}

#[test]
fn a_light_code_beside_a_dark_one_is_not_lost() {
    let mut picture = GrayImage::from_pixel(600, 300, Luma([235]));
    let mut light = code("light", 6, 4);
    imageops::invert(&mut light);
    imageops::replace(&mut picture, &code("dark", 6, 4), 20, 20);
    imageops::replace(&mut picture, &light, 320, 20);
    assert_eq!(texts(&picture), ["dark", "light"]);
}

#[test]
fn a_white_stripe_of_a_worn_printer_through_an_eye_is_closed() {
    let mut picture = code("https://a.example/receipt", 8, 4);
    for (x, y) in (0..picture.height()).flat_map(|y| [49, 50, 69, 70].map(move |x| (x, y))) {
        picture.put_pixel(x, y, Luma([235]));
    }
    assert_eq!(texts(&picture), ["https://a.example/receipt"]);
}

#[test]
fn a_code_that_touches_a_dark_wall_is_read() {
    for sides in [&[0][..], &[1], &[0, 1], &[0, 1, 2, 3]] {
        let printed = code("https://a.example/no-margin", 8, 0);
        let side = printed.width();
        let mut picture = GrayImage::from_fn(side + 80, side + 80, |x, y| {
            let beyond = [x < 40, y < 40, x >= side + 40, y >= side + 40];
            Luma([if sides.iter().any(|side| beyond[*side]) { 35 } else { 235 }])
        });
        imageops::replace(&mut picture, &printed, 40, 40);
        assert_eq!(texts(&picture), ["https://a.example/no-margin"], "sides {sides:?}");
    }
}
