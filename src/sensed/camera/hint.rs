//! What the person can do when nothing was read. Said only when it was measured.

use super::gray::Gray;
use super::pass::Finder;
use domain::order;

/// Advice for the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Nothing in view is bright: offer the torch.
    TooDark,
    /// The eyes of a code are in view, but its modules are too small: move closer.
    TooFar,
}

/// White paper in a dim room still reaches this value on an auto-exposed camera; when not even
/// the brightest twentieth of the picture does, the camera is at the end of its range.
const DARK: u8 = 48;
/// Pixels of the plane for one module below which reading starts to fail.
const SMALL_MODULE: f32 = 2.2;

/// Judges a frame in which nothing was read; `finders` in pixels of the plane.
pub(super) fn judge(gray: &Gray, finders: &[Finder]) -> Option<Hint> {
    let mut counts = [0usize; 256];
    for v in &gray.data {
        if let Some(count) = counts.get_mut(usize::from(*v)) {
            *count += 1;
        }
    }
    let bright: usize = counts.iter().skip(usize::from(DARK)).sum();
    if bright * 20 < gray.data.len() {
        return Some(Hint::TooDark);
    }
    // Three eyes of about one size are a code; single ones are found in any texture.
    let mut widths: Vec<f32> = finders.iter().map(|finder| finder.width).collect();
    order::sort_by(&mut widths, f32::total_cmp);
    let alike = widths.windows(3).find(|three| match three {
        [small, .., large] => *large <= small * 1.3,
        _ => false,
    });
    let width = *alike?.get(1)?;
    (width / 7.0 < SMALL_MODULE).then_some(Hint::TooFar)
}
