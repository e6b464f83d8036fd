use anyhow::Context;
use domain::wire::Sign;
use qrcode::{Color, EcLevel, QrCode, render::svg};
use signs::frame::{IBeacon, UncheckedPower};

/// Light modules round a code (ISO/IEC 18004 asks for four).
const QUIET_ZONE: usize = 4;
/// Received strength at 1 m that the beacon states, dBm: the usual value of a phone-class
/// transmitter at 0 dBm. A shop that measures its own puts that into its beacon.
const POWER_AT_1M: i8 = -59;

/// The sign of one store, ready to be shown.
pub struct ShownSign {
    sign: Sign,
    code: QrCode,
}

impl ShownSign {
    /// Draws the code of `sign`: the URL form, which any camera opens, at error level M.
    ///
    /// # Errors
    /// When the code does not fit a QR code.
    pub fn new(sign: Sign) -> anyhow::Result<Self> {
        let code = QrCode::with_error_correction_level(sign.url.as_bytes(), EcLevel::M)
            .context("the store code does not fit a QR code")?;
        Ok(Self { sign, code })
    }

    /// The sign as the wallet server gave it.
    pub fn sign(&self) -> &Sign {
        &self.sign
    }

    /// Modules a side of the code, without its quiet zone.
    pub(crate) fn width(&self) -> usize {
        self.code.width()
    }

    /// The modules of the code, row by row.
    pub(crate) fn colors(&self) -> Vec<Color> {
        self.code.to_colors()
    }

    /// The store code for a terminal with a dark background: two modules a character, high.
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

    /// The store code as an SVG document.
    pub fn svg(&self) -> String {
        self.code.render::<svg::Color<'_>>().min_dimensions(240, 240).build()
    }

    /// The store code as an 8-bit grey PNG with `scale` pixels a module.
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

    /// The advertisement of the store's beacon, as its radio sends it.
    pub fn beacon_advert(&self) -> Vec<u8> {
        let (major, minor) = self.sign.beacon;
        IBeacon { uuid: self.sign.beacon_uuid, major, minor, power: UncheckedPower(POWER_AT_1M) }
            .advert()
    }
}
