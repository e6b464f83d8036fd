//! What one pass over one picture saw: codes, and the eyes that belong to none.

use super::content::Content;
use super::gray::Gray;

/// What one pass over one picture saw.
#[derive(Default)]
pub(super) struct Pass {
    /// Codes read, in the order found.
    pub found: Vec<Found>,
    /// Middle and width of the finder patterns that belong to no code read, in the picture's
    /// pixels.
    pub finders: Vec<Finder>,
}

impl Pass {
    /// Another pass, when this one read nothing.
    pub(super) fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        if self.found.is_empty() { other() } else { self }
    }

    /// What was seen on `from`, a smaller copy of `to`, as it lies on `to`.
    pub(super) fn placed(mut self, from: &Gray, to: &Gray) -> Self {
        let across = to.width as f32 / from.width.max(1) as f32;
        let down = to.height as f32 / from.height.max(1) as f32;
        for found in &mut self.found {
            found.corners = found.corners.map(|(x, y)| (x * across, y * down));
        }
        for finder in &mut self.finders {
            finder.middle = (finder.middle.0 * across, finder.middle.1 * down);
            finder.width *= across;
        }
        self
    }
}

/// One code read.
pub(super) struct Found {
    pub content: Content,
    /// Top left, top right, bottom right, bottom left of the code, in the picture's pixels.
    pub corners: [(f32, f32); 4],
}

/// One of the three square eyes of a code.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finder {
    pub middle: (f32, f32),
    /// Width over all seven modules.
    pub width: f32,
}
