//! Camera plane to codes. Comes in: luminance planes, hostile. Goes out: bytes and text of the QR
//! codes in view. Nothing read here is opened or trusted.

mod bent;
mod cells;
mod charset;
mod codewords;
mod content;
mod cores;
mod decoder;
mod finders;
mod frame;
mod gray;
mod hint;
mod binarize;
mod warp_grid;
mod pass;
mod plane;
mod reader;
mod reading;
mod segments;
mod homography;
mod strategy;
mod structured_append;
mod tracer;

pub use content::Part;
pub use decoder::Decoder;
pub use hint::Hint;
pub use plane::{Plane, PlaneProblem, Turn};
pub use reading::{Code, Reading};
pub use strategy::Strategy;
