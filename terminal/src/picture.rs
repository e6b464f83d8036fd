//! Signs as pictures: terminal, SVG and PNG.

use anyhow::Context;
use qrcode::{Color, EcLevel, QrCode, render::svg};

/// Light modules round a code (ISO/IEC 18004 asks for four).
const QUIET_ZONE: usize = 4;

/// The picture of a code, ready to be drawn.
pub struct Picture {
    code: QrCode,
}

impl Picture {
    /// The picture of `url`, at error level M.
    ///
    /// # Errors
    /// When it does not fit a QR code.
    pub fn new(url: &str) -> anyhow::Result<Self> {
        let code = QrCode::with_error_correction_level(url.as_bytes(), EcLevel::M)
            .context("the store code does not fit a QR code")?;
        Ok(Self { code })
    }

    /// Modules a side of the code, without its quiet zone.
    pub(crate) fn width(&self) -> usize {
        self.code.width()
    }

    /// The modules of the code, row by row.
    pub(crate) fn colors(&self) -> Vec<Color> {
        self.code.to_colors()
    }

    /// The code for a terminal with a dark background: two modules a character, high.
    pub fn for_terminal(&self) -> String {
        let width = self.code.width();
        let side = width + 2 * QUIET_ZONE;
        let dark = |x: usize, y: usize| {
            let inside = |at: usize| at.checked_sub(QUIET_ZONE).filter(|&at| at < width);
            match (inside(x), inside(y)) {
                (Some(x), Some(y)) => self.code[(x, y)] == Color::Dark,
                _ => false,
            }
        };
        let mut text = String::new();
        for y in (0..side).step_by(2) {
            for x in 0..side {
                text.push(match (dark(x, y), dark(x, y + 1)) {
                    (false, false) => '█',
                    (false, true) => '▀',
                    (true, false) => '▄',
                    (true, true) => ' ',
                });
            }
            text.push('\n');
        }
        text
    }

    /// The code as an SVG document.
    pub fn svg(&self) -> String {
        self.code.render::<svg::Color<'_>>().min_dimensions(240, 240).build()
    }

    /// The code as an 8-bit grey PNG with `scale` pixels a module.
    ///
    /// # Errors
    /// When the picture cannot be encoded.
    pub fn png(&self, scale: u32) -> anyhow::Result<Vec<u8>> {
        let (luma, side) = self.luma(scale);
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, side, side);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header()?.write_image_data(&luma)?;
        Ok(file)
    }

    /// The picture's brightness, row by row, and its side in pixels.
    fn luma(&self, scale: u32) -> (Vec<u8>, u32) {
        let width = self.code.width();
        let side = (width + 2 * QUIET_ZONE) as u32 * scale;
        let module = |at: u32| (at / scale) as usize;
        let luma = (0..side)
            .flat_map(|y| (0..side).map(move |x| (x, y)))
            .map(|(x, y)| {
                let inside = |at: usize| at.checked_sub(QUIET_ZONE).filter(|&at| at < width);
                match (inside(module(x)), inside(module(y))) {
                    (Some(x), Some(y)) if self.code[(x, y)] == Color::Dark => 0,
                    _ => 255,
                }
            })
            .collect();
        (luma, side)
    }
}
