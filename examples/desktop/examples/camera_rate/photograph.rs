//! Photographs with their texts, and codes that are drawn.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use image::{GrayImage, Luma, imageops};
use qrcode::QrCode;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::{engines, optics::Point};

/// A picture of one code.
#[derive(Clone)]
pub struct Photograph {
    pub picture: GrayImage,
    pub text: String,
    /// The text of a second code within the first; reading that one is not wrong.
    pub inner: Option<String>,
    /// The code's middle, its side and its modules in the picture, in pixels: what the picture shows
    /// is spoilt where the code is, and in its measure.
    pub middle: Point,
    pub side: f32,
    pub module: f32,
}

/// A photograph that is to be spoilt has at most so many pixels a side.
const LONGEST_SIDE: u32 = 1280;

impl Photograph {
    /// All pictures of a folder and its subfolders with a text of the same name beside them.
    pub fn of_folder(folder: &Path) -> anyhow::Result<Vec<Self>> {
        let mut files = Vec::new();
        pictures(folder, &mut files)?;
        ensure!(!files.is_empty(), "no picture with a text beside it is there");
        files.sort();
        let photographs = files.iter().map(|file| {
            let read = |kind| fs::read_to_string(file.with_extension(kind));
            let text = read("txt")?.trim().to_owned();
            let inner = read("inner.txt").ok().map(|text| text.trim().to_owned());
            Ok(Self { inner, ..Self::new(image::open(file)?.into_luma8(), text) })
        });
        photographs.collect()
    }

    fn new(picture: GrayImage, text: String) -> Self {
        let (width, height) = picture.dimensions();
        let corners = engines::corners(&picture).unwrap_or_else(|| {
            // Not read even unspoilt: somewhere in its middle half.
            let (right, low) = (width as f32, height as f32);
            let at = |x: f32, y: f32| (right * x, low * y);
            [at(0.25, 0.25), at(0.75, 0.25), at(0.75, 0.75), at(0.25, 0.75)]
        });
        let sum = corners.iter().fold((0.0, 0.0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
        let next = corners.iter().cycle().skip(1);
        let around: f32 = corners.iter().zip(next).map(|(a, b)| (a.0 - b.0).hypot(a.1 - b.1)).sum();
        let side = around / 4.0;
        // The size that the text has at the usual level of error correction.
        let modules = QrCode::new(&text).map_or(33, |code| code.width());
        let middle = (sum.0 / 4.0, sum.1 / 4.0);
        Self { picture, text, inner: None, middle, side, module: side / modules as f32 }
    }

    /// Codes of many sizes, drawn.
    pub fn drawn(count: u32) -> anyhow::Result<Vec<Self>> {
        let codes = (0..count).map(|number| {
            let text = format!(
                "https://store.example/{number}/{}",
                "0123456789".repeat(number as usize / 2)
            );
            let code = QrCode::new(&text).context("a drawn code")?;
            Ok(Self::new(on_grey_paper(&code, 4 + number % 5), text))
        });
        codes.collect()
    }

    /// Shrunk to the size at which it is spoilt.
    pub fn small(&self) -> Self {
        let (width, height) = self.picture.dimensions();
        let longest = width.max(height);
        if longest <= LONGEST_SIDE {
            return self.clone();
        }
        let factor = LONGEST_SIDE as f32 / longest as f32;
        let side = |pixels: u32| (pixels * LONGEST_SIDE / longest).max(1);
        let filter = imageops::FilterType::Triangle;
        Self {
            picture: imageops::resize(&self.picture, side(width), side(height), filter),
            text: self.text.clone(),
            inner: self.inner.clone(),
            middle: (self.middle.0 * factor, self.middle.1 * factor),
            side: self.side * factor,
            module: self.module * factor,
        }
    }

    /// The same code in another picture.
    pub fn with(&self, picture: GrayImage) -> Self {
        Self { picture, ..self.clone() }
    }

    /// Whether its code was read, and whether only texts were that no code of it has.
    pub fn judged(&self, read: &[String]) -> (bool, bool) {
        let has = |text: &str| read.iter().any(|read| read.trim() == text);
        let right = has(&self.text);
        (right, !right && !read.is_empty() && !self.inner.as_deref().is_some_and(has))
    }

    /// A place on the code.
    pub fn anywhere(&self, random: &mut ChaCha8Rng) -> Point {
        let mut within = || random.random_range(-0.5..0.5) * self.side;
        (self.middle.0 + within(), self.middle.1 + within())
    }
}

fn pictures(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            pictures(&path, files)?;
        } else if path.extension().is_some_and(|kind| kind == "png" || kind == "jpg")
            && path.with_extension("txt").exists()
        {
            files.push(path);
        }
    }
    Ok(())
}

/// A code that is drawn in the middle of grey paper.
fn on_grey_paper(code: &QrCode, module: u32) -> GrayImage {
    let (modules, colors) = (code.width() as u32, code.to_colors());
    let side = (modules + 8) * module;
    let (width, height) = (side * 8 / 5, side * 6 / 5);
    let (left, top) = ((width - side) / 2, (height - side) / 2);
    GrayImage::from_fn(width, height, |x, y| {
        if !(left..left + side).contains(&x) || !(top..top + side).contains(&y) {
            return Luma([150]);
        }
        let at = |value: u32, edge: u32| ((value - edge) / module).checked_sub(4);
        let dark = at(x, left).zip(at(y, top)).is_some_and(|(x, y)| {
            x < modules && y < modules && colors[(y * modules + x) as usize] == qrcode::Color::Dark
        });
        Luma([if dark { 35 } else { 215 }])
    })
}
