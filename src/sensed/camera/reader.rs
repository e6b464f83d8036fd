//! The decoders behind one trait. All end in the same error correction and the same text, so that
//! no decoder's peculiarities of content reach the caller.

use super::binarize::Threshold;
use super::gray::Gray;
use super::pass::Pass;
use super::{bent, cells, tracer};
use rxing::common::BitMatrix;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// A way from a picture to its codes. Stops early when `until` has passed.
pub(super) trait Reader {
    fn read(&self, gray: &Gray, until: Instant) -> Pass;
}

/// rxing's port of the zxing-cpp reader: traces edges; the better one on most pictures.
pub(super) struct Tracer(pub Threshold);

/// quircs: floods regions and fits the grid of cells. Without a threshold of ours it takes one
/// grey level for the whole picture, which is what the others do not do.
pub(super) struct Cells(pub Option<Threshold>);

/// A grid warped to a code that is not flat.
pub(super) struct Bent(pub Threshold);

/// The same grid, laid by the middles of the eyes.
pub(super) struct Unframed(pub Threshold);

impl Reader for Tracer {
    fn read(&self, gray: &Gray, until: Instant) -> Pass {
        contained(|| Some(tracer::read(&self.0.binarize(gray)?, until)))
    }
}

impl Reader for Cells {
    fn read(&self, gray: &Gray, until: Instant) -> Pass {
        contained(|| match self.0 {
            Some(threshold) => {
                Some(cells::read(black_and_white(&threshold.binarize(gray)?), gray, until))
            }
            None => Some(cells::read(gray.data.clone(), gray, until)),
        })
    }
}

impl Reader for Bent {
    fn read(&self, gray: &Gray, until: Instant) -> Pass {
        contained(|| Some(bent::read(gray, &self.0.binarize(gray)?, until)))
    }
}

impl Reader for Unframed {
    fn read(&self, gray: &Gray, until: Instant) -> Pass {
        contained(|| Some(bent::read_unframed(gray, &self.0.binarize(gray)?, until)))
    }
}

fn black_and_white(bits: &BitMatrix) -> Vec<u8> {
    let row = |y| (0..bits.width()).map(move |x| if bits.get(x, y) { 0 } else { 255 });
    (0..bits.height()).flat_map(row).collect()
}

/// The decoders are other people's code over pixels from outside and hold assertions. The planes
/// are bounded before; should one still panic, the frame counts as unread and the app lives.
fn contained(read: impl FnOnce() -> Option<Pass>) -> Pass {
    catch_unwind(AssertUnwindSafe(read)).ok().flatten().unwrap_or_default()
}
