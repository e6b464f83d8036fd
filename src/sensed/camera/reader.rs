//! The decoders behind one trait. All end in the same error correction and the same text, so that
//! no decoder's peculiarities of content reach the caller.

use super::content::Content;
use super::gray::Gray;
use super::ink::Threshold;
use super::{bent, cells, tracer};
use rxing::common::BitMatrix;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

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

/// A way from a picture to its codes. Stops early when `until` has passed.
pub(super) trait Reader {
    fn read(&self, gray: &Gray, until: Instant) -> Pass;
}

/// rxing's port of the zxing-cpp reader: traces edges; the better one on most pictures.
pub(super) struct Tracer(pub Threshold);

/// quircs: floods regions and fits the grid of cells. Without a threshold of ours it takes one
/// grey level for the whole picture, which is what the others do not do.
pub(super) struct Cells(pub Option<Threshold>);

/// A net over a code that is not flat.
pub(super) struct Bent(pub Threshold);

impl Reader for Tracer {
    fn read(&self, gray: &Gray, until: Instant) -> Pass {
        contained(|| Some(tracer::read(&self.0.ink(gray)?, until)))
    }
}

impl Reader for Cells {
    fn read(&self, gray: &Gray, until: Instant) -> Pass {
        contained(|| match self.0 {
            Some(threshold) => {
                Some(cells::read(black_and_white(&threshold.ink(gray)?), gray, until))
            }
            None => Some(cells::read(gray.data.clone(), gray, until)),
        })
    }
}

impl Reader for Bent {
    fn read(&self, gray: &Gray, until: Instant) -> Pass {
        contained(|| Some(bent::read(gray, &self.0.ink(gray)?, until)))
    }
}

fn black_and_white(ink: &BitMatrix) -> Vec<u8> {
    let row = |y| (0..ink.width()).map(move |x| if ink.get(x, y) { 0 } else { 255 });
    (0..ink.height()).flat_map(row).collect()
}

/// The decoders are other people's code over pixels from outside and hold assertions. The planes
/// are bounded before; should one still panic, the frame counts as unread and the app lives.
fn contained(read: impl FnOnce() -> Option<Pass>) -> Pass {
    catch_unwind(AssertUnwindSafe(read)).ok().flatten().unwrap_or_default()
}
