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

/// `picture` with `share` of its size, as from farther away.
fn farther(picture: &GrayImage, share: f32) -> GrayImage {
    let size = |length: u32| (length as f32 * share) as u32;
    let (width, height) = (size(picture.width()), size(picture.height()));
    image::imageops::resize(picture, width, height, image::imageops::FilterType::Triangle)
}

#[test]
fn what_is_hinted_at_as_too_far_is_read_from_half_the_distance() {
    let mut hinted = 0;
    for number in 0..30 {
        let picture = drawn(format!("https://a.example/{number:0>40}").as_bytes(), 8, (640, 560));
        let far = still(&farther(&picture, 1.1 / 8.0));
        if far.hint == Some(Hint::TooFar) {
            hinted += 1;
            assert_eq!(still(&farther(&picture, 2.2 / 8.0)).codes.len(), 1, "code {number}");
        }
    }
    assert!(hinted > 0, "no code was seen too small");
}

#[test]
fn coming_closer_is_not_hinted_at_when_a_large_code_is_blurred_or_covered() {
    let picture = drawn(b"https://a.example/near", 9, (480, 400));
    let blurred = still(&image::imageops::blur(&picture, 8.0));
    assert_eq!((blurred.codes.len(), blurred.hint), (0, None));
    let mut covered = picture.clone();
    for (x, y, pixel) in covered.enumerate_pixels_mut() {
        // A thumb between the eyes.
        if (200..360).contains(&x) && (160..320).contains(&y) {
            pixel.0[0] = 120;
        }
    }
    let covered = still(&covered);
    assert_eq!((covered.codes.len(), covered.hint), (0, None));
}

#[test]
fn the_torch_is_not_hinted_at_when_a_code_is_read_in_the_dark() {
    let mut picture = drawn(b"https://a.example/dusk", 5, (480, 400));
    picture.pixels_mut().for_each(|pixel| pixel.0[0] /= 6);
    let reading = still(&picture);
    assert_eq!((reading.codes.len(), reading.hint), (1, None));
}

#[test]
fn a_code_with_one_eye_hidden_is_read_by_the_other_two() {
    for (column, row) in [(0, 0), (1, 0), (0, 1)] {
        let mut picture = drawn(b"https://a.example/thumb", 6, (480, 400));
        let side = 25 * 6;
        let (left, top) = ((480 - side) / 2, (400 - side) / 2);
        let (left, top) = (left + column * (side - 40), top + row * (side - 40));
        for (x, y) in (0..40).flat_map(|y| (0..40).map(move |x| (x, y))) {
            picture.put_pixel(left + x, top + y, image::Luma([215]));
        }
        assert_eq!(still(&picture).codes.len(), 1, "eye at {column}, {row}");
    }
}

#[test]
fn few_greys_are_enough() {
    let mut picture = drawn(b"https://a.example/fog", 5, (480, 400));
    picture.pixels_mut().for_each(|pixel| pixel.0[0] = 180 + pixel.0[0] / 32);
    assert_eq!(still(&picture).codes.len(), 1);
}
