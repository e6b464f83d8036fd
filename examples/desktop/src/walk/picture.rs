//! A picture's brightness, as a camera would hand it over.

use anyhow::Context;
use tillsight::PlaneShape;

/// A brightness plane.
pub struct Picture {
    /// Row by row, one byte a pixel.
    pub luma: Vec<u8>,
    width: u32,
    height: u32,
}

impl Picture {
    /// How the bytes lie.
    pub fn shape(&self) -> PlaneShape {
        PlaneShape {
            width: self.width,
            height: self.height,
            row_stride: self.width,
            rotation_degrees: 0,
        }
    }
}

/// The brightness of a PNG picture.
///
/// # Errors
/// When the bytes are no picture.
pub fn of_png(file: &[u8]) -> anyhow::Result<Picture> {
    let picture = image::load_from_memory(file).context("not a picture")?.into_luma8();
    let (width, height) = picture.dimensions();
    Ok(Picture { luma: picture.into_raw(), width, height })
}
