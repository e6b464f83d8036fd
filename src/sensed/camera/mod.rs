//! Camera plane to codes. Comes in: luminance planes, hostile. Goes out: bytes and text of the QR
//! codes in view. Nothing read here is opened or trusted.

mod bent;
mod cells;
mod content;
mod decoder;
mod finders;
mod gray;
mod hint;
mod ink;
mod net;
mod pass;
mod plane;
mod reader;
mod sheet;
mod strategy;
mod tracer;

pub use content::Part;
pub use decoder::{Code, Decoder, Reading};
pub use hint::Hint;
pub use plane::{Plane, PlaneProblem, Turn};
pub use strategy::Strategy;
