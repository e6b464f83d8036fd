//! `decode IMAGE…`: reads the QR codes of photographs, one JSON line a file.

use anyhow::{Context, bail};
use image::{DynamicImage, GrayImage, ImageDecoder, ImageReader, Rgba};
use serde_json::json;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tillsight::sensed::camera::{Code, Decoder, Plane, Reading, Turn};

/// Writes one line for each file, in order: `file`, `texts`, `milliseconds` (reading alone, without
/// opening the file), `strategy` of the first code or null, `parts` (`[index, of]` of each text that
/// is a part of a longer one) when there are any, and `error` when the file is no picture or no
/// plane a camera could give. A file that cannot be read does not stop the others.
pub fn run(files: &[PathBuf], budget_ms: Option<u64>, out: &mut impl Write) -> anyhow::Result<()> {
    let budget = budget_ms.map_or(Decoder::STILL_BUDGET, Duration::from_millis);
    for file in files {
        let name = file.display().to_string();
        let line = match read(file, budget) {
            Ok((reading, milliseconds)) => answer(&name, &reading, milliseconds),
            Err(error) => json!({ "file": name, "texts": [], "error": format!("{error:#}") }),
        };
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn answer(name: &str, reading: &Reading, milliseconds: f64) -> serde_json::Value {
    let texts: Vec<&str> = reading.codes.iter().map(|code| code.text.as_str()).collect();
    let part = |code: &Code| code.part.map(|part| [part.index, part.of]);
    let parts: Vec<_> = reading.codes.iter().map(part).collect();
    let mut line = json!({
        "file": name,
        "texts": texts,
        "milliseconds": milliseconds,
        "strategy": reading.codes.first().map(|code| code.strategy.name()),
    });
    if parts.iter().any(Option::is_some) {
        line["parts"] = json!(parts);
    }
    line
}

fn read(file: &Path, budget: Duration) -> anyhow::Result<(Reading, f64)> {
    let picture = open(&fs::read(file)?)?;
    let started = Instant::now();
    let mut reading = Reading::default();
    for ground in grounds(&picture) {
        reading = still(&on_ground(&picture, *ground), budget)?;
        if !reading.codes.is_empty() {
            break;
        }
    }
    Ok((reading, started.elapsed().as_secs_f64() * 1000.0))
}

fn still(picture: &GrayImage, budget: Duration) -> anyhow::Result<Reading> {
    let (width, height) = picture.dimensions();
    let plane = Plane::new(picture.as_raw(), width, height, width, Turn::None)?;
    Ok(Decoder::read_still(&plane, budget))
}

/// The picture as its file says it stands: EXIF's orientation applied. Of an animation the first
/// frame.
fn open(bytes: &[u8]) -> anyhow::Result<DynamicImage> {
    if let Some(format) = unsupported(bytes) {
        bail!("{format} pictures are not supported: save it as JPEG or PNG and decode that");
    }
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut decoder = reader.into_decoder().context("no picture in PNG, JPEG, WebP, GIF or BMP")?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Formats of phones' galleries that need a licensed or a large codec, by the brand of their file
/// type box (ISO/IEC 14496-12).
fn unsupported(bytes: &[u8]) -> Option<&'static str> {
    match bytes.get(4..12)?.split_at(4) {
        (b"ftyp", b"avif" | b"avis") => Some("AVIF"),
        (
            b"ftyp",
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1",
        ) => Some("HEIC"),
        _ => None,
    }
}

/// A code drawn on nothing was drawn for paper, or in white for a dark page.
fn grounds(picture: &DynamicImage) -> &'static [u8] {
    let transparent = picture.color().has_alpha()
        && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] != u8::MAX);
    if transparent { &[u8::MAX, 0] } else { &[u8::MAX] }
}

fn on_ground(picture: &DynamicImage, ground: u8) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.to_luma8();
    }
    let mut colours = picture.to_rgba8();
    for Rgba([red, green, blue, alpha]) in colours.pixels_mut() {
        let opaque = u32::from(*alpha);
        let lay = |colour: &mut u8| {
            let mixed = u32::from(*colour) * opaque + u32::from(ground) * (255 - opaque);
            *colour = (mixed / 255) as u8;
        };
        [red, green, blue].into_iter().for_each(lay);
        *alpha = u8::MAX;
    }
    DynamicImage::from(colours).to_luma8()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, LumaA, imageops};

    const TEXT: &str = "https://a.example/gallery";

    /// A code whose paper is transparent, in this ink.
    fn drawn(ink: u8) -> DynamicImage {
        let code = qrcode::QrCode::new(TEXT).unwrap();
        let (modules, colors) = (code.width() as u32, code.to_colors());
        let side = (modules + 8) * 4;
        DynamicImage::from(image::ImageBuffer::from_fn(side, side, |x, y| {
            let (x, y) = ((x / 4).wrapping_sub(4), (y / 4).wrapping_sub(4));
            let inside = x < modules && y < modules;
            let dark = inside && colors[(y * modules + x) as usize] == qrcode::Color::Dark;
            LumaA([ink, if dark { 255 } else { 0 }])
        }))
    }

    fn texts(bytes: &[u8]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("picture");
        fs::write(&file, bytes).unwrap();
        let (reading, _) = read(&file, Duration::from_secs(60)).unwrap();
        reading.codes.into_iter().map(|code| code.text).collect()
    }

    fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_transparent_picture_is_read_on_the_ground_its_ink_is_for() {
        for ink in [0, 255] {
            assert_eq!(texts(&encoded(&drawn(ink), ImageFormat::Png)), [TEXT], "ink {ink}");
        }
    }

    #[test]
    fn the_formats_of_galleries_are_read() {
        let opaque = DynamicImage::from(on_ground(&drawn(0), 255)).to_rgb8().into();
        for format in [ImageFormat::WebP, ImageFormat::Gif, ImageFormat::Bmp, ImageFormat::Jpeg] {
            assert_eq!(texts(&encoded(&opaque, format)), [TEXT], "{format:?}");
        }
    }

    #[test]
    fn a_picture_is_turned_as_its_exif_says() {
        let picture = DynamicImage::from(
            imageops::crop_imm(&on_ground(&drawn(0), 255), 0, 0, 100, 60).to_image(),
        );
        let jpeg = encoded(&picture, ImageFormat::Jpeg);
        // One entry: 0x0112, a short, 6 (a quarter clockwise).
        let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let mut turned = jpeg[..2].to_vec();
        turned.extend([0xff, 0xe1, 0, exif.len() as u8 + 2]);
        turned.extend_from_slice(exif);
        turned.extend_from_slice(&jpeg[2..]);
        let open = |bytes: &[u8]| open(bytes).unwrap();
        assert_eq!((open(&jpeg).width(), open(&turned).width()), (100, 60));
    }

    #[test]
    fn heic_is_named_with_what_to_do() {
        let error = open(b"\0\0\0\x18ftypheic\0\0\0\0").unwrap_err().to_string();
        assert!(error.contains("HEIC") && error.contains("JPEG"), "{error}");
    }
}
