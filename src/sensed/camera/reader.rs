//! The two decoders behind one trait. Both end in the same error correction and the same text, so
//! that neither's peculiarities of content reach a reader of this module.

use super::content::Content;
use super::{cells, tracer};
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

/// A way from ink to codes. Stops early when `until` has passed.
pub(super) trait Reader {
    fn read(&self, ink: &BitMatrix, until: Instant) -> Pass;
}

/// rxing's port of the zxing-cpp reader: traces edges; the better one on most pictures.
pub(super) struct Tracer;

/// quircs: floods regions and fits the grid of cells; the better one on strong perspective.
pub(super) struct Cells;

impl Reader for Tracer {
    fn read(&self, ink: &BitMatrix, until: Instant) -> Pass {
        contained(|| tracer::read(ink, until))
    }
}

impl Reader for Cells {
    fn read(&self, ink: &BitMatrix, _: Instant) -> Pass {
        contained(|| cells::read(ink))
    }
}

/// Both decoders are other people's code over pixels from outside and hold assertions. The planes
/// are bounded before; should one still panic, the frame counts as unread and the app lives.
fn contained(read: impl FnOnce() -> Pass) -> Pass {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_default()
}
