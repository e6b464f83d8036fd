//! One frame as the camera gives it: checked once, then trusted.

/// How far a plane has to be turned clockwise to stand upright on the screen. Both phone systems
/// deliver the sensor's own orientation and this turn beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turn {
    /// The plane is upright already.
    #[default]
    None,
    /// 90 degrees clockwise.
    Quarter,
    /// 180 degrees.
    Half,
    /// 270 degrees clockwise.
    ThreeQuarters,
}

/// Why a plane is refused before anything reads its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaneProblem {
    /// Width, height or the pixels are missing.
    #[error("the plane is empty")]
    Empty,
    /// A side is under [`Plane::MIN_SIDE`]: no code fits in.
    #[error("the plane is too small for a code")]
    TooSmall,
    /// A side is over [`Plane::MAX_SIDE`].
    #[error("the plane is too large")]
    TooLarge,
    /// One side is more than [`Plane::MAX_ASPECT`] times the other.
    #[error("the plane is too thin")]
    Aspect,
    /// The row stride is smaller than the width, or over [`Plane::MAX_STRIDE`].
    #[error("the row stride does not fit the width")]
    BadStride,
    /// Fewer bytes than the rows need.
    #[error("the plane has fewer bytes than its rows need")]
    WrongLength,
}

/// A luminance plane: one byte a pixel, 0 is black, rows from the top, `row_stride` bytes apart.
///
/// This is plane 0 of `YUV_420_888` (Android) and of `420YpCbCr8BiPlanar` (iOS); the last row may
/// end at its last pixel, and bytes behind the rows (the colours) are ignored.
#[derive(Clone, Copy, Debug)]
pub struct Plane<'a> {
    luma: &'a [u8],
    width: u32,
    height: u32,
    row_stride: u32,
    turn: Turn,
}

impl<'a> Plane<'a> {
    /// The smallest QR code has 21 modules a side (ISO/IEC 18004, version 1).
    pub const MIN_SIDE: u32 = 21;
    /// Longest side in pixels. Covers the 50-megapixel sensors of today's phones (8160 x 6120).
    pub const MAX_SIDE: u32 = 8192;
    /// Longest side over shortest. No camera is over 3; thin planes are what decoders choke on.
    pub const MAX_ASPECT: u32 = 16;
    /// Longest row in bytes: the widest row, padded by as much again.
    pub const MAX_STRIDE: u32 = 2 * Self::MAX_SIDE;

    /// Checks a plane. `width`, `height` in pixels, `row_stride` in bytes.
    pub fn new(
        luma: &'a [u8],
        width: u32,
        height: u32,
        row_stride: u32,
        turn: Turn,
    ) -> Result<Self, PlaneProblem> {
        if width == 0 || height == 0 || luma.is_empty() {
            return Err(PlaneProblem::Empty);
        }
        let (short, long) = (width.min(height), width.max(height));
        if short < Self::MIN_SIDE {
            return Err(PlaneProblem::TooSmall);
        }
        if long > Self::MAX_SIDE {
            return Err(PlaneProblem::TooLarge);
        }
        if long > short * Self::MAX_ASPECT {
            return Err(PlaneProblem::Aspect);
        }
        if row_stride < width || row_stride > Self::MAX_STRIDE {
            return Err(PlaneProblem::BadStride);
        }
        // At most 16384 * 8191 + 8192, which fits 32 bits.
        let needed = row_stride * (height - 1) + width;
        if luma.len() < needed as usize {
            return Err(PlaneProblem::WrongLength);
        }
        Ok(Self { luma, width, height, row_stride, turn })
    }

    /// Pixels in a row.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The rows from the top, without their padding.
    pub(super) fn rows(&self) -> impl Iterator<Item = &'a [u8]> {
        let width = self.width as usize;
        self.luma
            .chunks(self.row_stride as usize)
            .take(self.height as usize)
            .filter_map(move |row| row.get(..width))
    }

    /// A point of the sensor's plane, as it lies on the upright picture.
    pub(super) fn upright(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let (width, height) = (self.width as f32, self.height as f32);
        match self.turn {
            Turn::None => (x, y),
            Turn::Quarter => (height - y, x),
            Turn::Half => (width - x, height - y),
            Turn::ThreeQuarters => (y, width - x),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_whose_bytes_do_not_fit_its_numbers_is_refused() {
        let bytes = vec![0u8; 64 * 64];
        let check = |w, h, stride| Plane::new(&bytes, w, h, stride, Turn::None).err();
        assert_eq!(check(0, 64, 64), Some(PlaneProblem::Empty));
        assert_eq!(Plane::new(&[], 64, 64, 64, Turn::None).err(), Some(PlaneProblem::Empty));
        assert_eq!(check(64, 20, 64), Some(PlaneProblem::TooSmall));
        assert_eq!(check(u32::MAX, u32::MAX, u32::MAX), Some(PlaneProblem::TooLarge));
        assert_eq!(check(8192, 8193, 8192), Some(PlaneProblem::TooLarge));
        assert_eq!(check(21 * 16 + 1, 21, 400), Some(PlaneProblem::Aspect));
        assert_eq!(check(64, 64, 63), Some(PlaneProblem::BadStride));
        assert_eq!(check(64, 64, u32::MAX), Some(PlaneProblem::BadStride));
        assert_eq!(check(64, 65, 64), Some(PlaneProblem::WrongLength));
        assert_eq!(check(64, 64, 65), Some(PlaneProblem::WrongLength));
        assert_eq!(check(64, 64, 64), None);
        assert_eq!(check(60, 64, 64), None);
    }

    #[test]
    fn the_last_row_may_end_without_its_padding() {
        let bytes = vec![0u8; 64 * 31 + 40];
        let plane = Plane::new(&bytes, 40, 32, 64, Turn::None).unwrap();
        assert_eq!(plane.rows().count(), 32);
        assert!(plane.rows().all(|row| row.len() == 40));
    }

    #[test]
    fn a_corner_lies_where_the_turned_picture_shows_it() {
        let bytes = vec![0u8; 40 * 30];
        let at = |turn, p| Plane::new(&bytes, 40, 30, 40, turn).unwrap().upright(p);
        // The sensor's top left corner, after each turn.
        assert_eq!(at(Turn::None, (0.0, 0.0)), (0.0, 0.0));
        assert_eq!(at(Turn::Quarter, (0.0, 0.0)), (30.0, 0.0));
        assert_eq!(at(Turn::Half, (0.0, 0.0)), (40.0, 30.0));
        assert_eq!(at(Turn::ThreeQuarters, (0.0, 0.0)), (0.0, 40.0));
    }
}
