//! The camera decoder on real photographs and on drawn planes. Counts, never times: the budget is
//! wide enough for the slowest machine.

use image::GrayImage;
use std::path::Path;
use std::time::Duration;
use tillsight::sensed::camera::{Decoder, Hint, Plane, Reading, Turn};

const UNHURRIED: Duration = Duration::from_secs(60);

fn plane(picture: &GrayImage) -> Plane<'_> {
    let (width, height) = picture.dimensions();
    Plane::new(picture.as_raw(), width, height, width, Turn::None).unwrap()
}

fn still(picture: &GrayImage) -> Reading {
    Decoder::read_still(&plane(picture), UNHURRIED)
}

/// How many pictures of a folder hold a code with the text beside them, of how many, and how many
/// read something else alone.
fn count(folder: &str) -> (usize, usize, usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/qr").join(folder);
    let (mut right, mut wrong, mut all) = (0, 0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_none_or(|extension| extension != "png") {
            continue;
        }
        let expected = std::fs::read_to_string(file.with_extension("txt")).unwrap();
        let codes = still(&image::open(&file).unwrap().into_luma8()).codes;
        let found = codes.iter().any(|code| code.text.trim() == expected.trim());
        all += 1;
        right += usize::from(found);
        wrong += usize::from(!found && !codes.is_empty());
    }
    (right, all, wrong)
}

#[test]
fn tilted_curved_and_creased_photographs_stay_readable() {
    let (right, all, wrong) = count("qrcode-4");
    assert_eq!((all, wrong), (48, 0));
    assert!(right >= 47, "{right} of 48 read");
}

#[test]
fn photographs_under_uneven_light_stay_readable() {
    assert_eq!(count("qrcode-5"), (19, 19, 0));
}

#[test]
fn japanese_text_without_a_declared_character_set_stays_japanese() {
    let (right, all, wrong) = count("qrcode-2");
    assert_eq!((right, wrong), (all, 0));
}

/// A code with a quiet zone, `scale` pixels a module, in the middle of a plane of one grey.
fn drawn(content: &[u8], scale: u32, (width, height): (u32, u32)) -> GrayImage {
    let code = qrcode::QrCode::new(content).unwrap();
    let modules = code.width() as u32;
    let colors = code.to_colors();
    let side = (modules + 8) * scale;
    let (left, top) = ((width - side) / 2, (height - side) / 2);
    GrayImage::from_fn(width, height, |x, y| {
        let (Some(x), Some(y)) = (x.checked_sub(left), y.checked_sub(top)) else {
            return image::Luma([150]);
        };
        if x >= side || y >= side {
            return image::Luma([150]);
        }
        let (x, y) = (x / scale, y / scale);
        let inside = (4..modules + 4).contains(&x) && (4..modules + 4).contains(&y);
        let dark = inside && colors[((y - 4) * modules + x - 4) as usize] == qrcode::Color::Dark;
        image::Luma([if dark { 30 } else { 220 }])
    })
}

#[test]
fn bytes_that_are_no_text_come_back_as_they_were() {
    let bytes: Vec<u8> = (0..=255).collect();
    let reading = still(&drawn(&bytes, 4, (480, 400)));
    assert_eq!(reading.codes.first().map(|code| &code.bytes), Some(&bytes));
}

#[test]
fn utf8_and_latin_1_are_told_apart_without_a_declared_character_set() {
    for (bytes, text) in [
        ("Café 支払い 12€".as_bytes(), "Café 支払い 12€"),
        (b"Caf\xe9 Z\xfcrich".as_slice(), "Café Zürich"),
        (b"\x8ex\x95\xa5\x82\xa2\x93X".as_slice(), "支払い店"),
    ] {
        let reading = still(&drawn(bytes, 4, (480, 400)));
        assert_eq!(reading.codes.first().map(|code| code.text.as_str()), Some(text));
    }
}

#[test]
fn a_declared_character_set_decides_the_text() {
    let mut bits = qrcode::bits::Bits::new(qrcode::Version::Normal(2));
    bits.push_eci_designator(7).unwrap(); // ISO 8859-5
    bits.push_byte_data(&[0xbc, 0xd8, 0xe0]).unwrap();
    bits.push_terminator(qrcode::EcLevel::M).unwrap();
    let code = qrcode::QrCode::with_bits(bits, qrcode::EcLevel::M).unwrap();
    let modules = code.width() as u32;
    let colors = code.to_colors();
    let picture = GrayImage::from_fn((modules + 8) * 5, (modules + 8) * 5, |x, y| {
        let (x, y) = ((x / 5).wrapping_sub(4), (y / 5).wrapping_sub(4));
        let dark =
            x < modules && y < modules && colors[(y * modules + x) as usize] == qrcode::Color::Dark;
        image::Luma([if dark { 0 } else { 255 }])
    });
    assert_eq!(still(&picture).codes.first().map(|code| code.text.as_str()), Some("Мир"));
}

#[test]
fn two_codes_in_view_are_both_told_the_larger_first() {
    let mut picture = drawn(b"https://a.example/large", 7, (900, 500));
    let other = drawn(b"https://b.example/small", 4, (200, 180));
    image::imageops::replace(&mut picture, &other, 0, 0);
    let texts: Vec<String> = still(&picture).codes.into_iter().map(|code| code.text).collect();
    assert_eq!(texts, ["https://a.example/large", "https://b.example/small"]);
}

#[test]
fn white_on_black_is_read_within_the_turns_of_a_preview() {
    let mut picture = drawn(b"https://a.example/night", 5, (640, 480));
    image::imageops::invert(&mut picture);
    let mut decoder = Decoder::with_budget(UNHURRIED);
    let read = (0..8).any(|_| !decoder.read(&plane(&picture)).codes.is_empty());
    assert!(read);
}

#[test]
fn a_code_read_once_is_read_again_at_its_place_and_told_upright() {
    let picture = drawn(b"https://a.example/again", 4, (1200, 700));
    let (width, height) = picture.dimensions();
    let turned = Plane::new(picture.as_raw(), width, height, width, Turn::Quarter).unwrap();
    let mut decoder = Decoder::with_budget(UNHURRIED);
    let first = decoder.read(&turned);
    let second = decoder.read(&turned);
    for reading in [first, second] {
        let corners = reading.codes.first().unwrap().corners;
        // 25 modules of 4 pixels around the middle; the code's top left is top right when turned.
        let near = |p: (f32, f32), x: f32, y: f32| (p.0 - x).hypot(p.1 - y) < 6.0;
        assert!(near(corners[0], 400.0, 550.0), "{corners:?}");
        assert!(near(corners[2], 300.0, 650.0), "{corners:?}");
    }
}

#[test]
fn a_small_code_in_a_large_photograph_is_read_at_its_own_resolution() {
    let picture = drawn(b"https://a.example/far-away", 3, (4000, 3000));
    assert_eq!(still(&picture).codes.len(), 1);
}

#[test]
fn darkness_is_hinted_at_only_when_it_is_dark() {
    let night = GrayImage::from_fn(320, 240, |x, y| image::Luma([(x * 7 + y * 13) as u8 % 23]));
    assert_eq!(still(&night).hint, Some(Hint::TooDark));
    let empty = GrayImage::from_pixel(320, 240, image::Luma([150]));
    assert_eq!(still(&empty).hint, None);
    let light = drawn(b"https://a.example/", 4, (320, 240));
    assert_eq!(still(&light), Reading { hint: None, ..still(&light) });
}

#[test]
fn coming_closer_is_hinted_at_only_when_a_code_is_seen_too_small() {
    // Version 15: 77 modules, 2 pixels each, with the colour between its eyes worn off.
    let mut picture = drawn(&[b'a'; 400], 2, (640, 480));
    let side = 77 * 2;
    let (left, top) = ((640 - side) / 2, (480 - side) / 2);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (u, v) = (x.wrapping_sub(left), y.wrapping_sub(top));
        let eye = (u < 16 || u >= side - 16) && (v < 16 || v >= side - 16);
        if u < side && v < side && !eye {
            pixel.0[0] = 200;
        }
    }
    let far = still(&picture);
    assert!(far.codes.is_empty());
    assert_eq!(far.hint, Some(Hint::TooFar));
    let close = image::imageops::resize(&picture, 1280, 960, image::imageops::FilterType::Nearest);
    assert_eq!(still(&close).hint, None);
}
