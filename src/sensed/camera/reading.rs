//! The answer to one frame: the codes seen in it, or what the person can do.

use super::content::Part;
use super::hint::Hint;
use super::strategy::Strategy;

/// One code in the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// The content as bytes, before any reading as text.
    pub bytes: Vec<u8>,
    /// The content as text: by the declared character set, else UTF-8, UTF-16 with its byte order
    /// mark, Shift_JIS, Latin-1 or Windows-1252, whichever the bytes of the whole code are.
    pub text: String,
    /// Set when the content is only one part of a longer message whose other parts were not all
    /// in view; when they were, they are one code.
    pub part: Option<Part>,
    /// Top left, top right, bottom right and bottom left corner of the code itself, in pixels of
    /// the upright picture; of joined parts those of the first.
    pub corners: [(f32, f32); 4],
    /// How it was read.
    pub strategy: Strategy,
}

/// The answer to one frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The codes seen, the largest first; empty when none was.
    pub codes: Vec<Code>,
    /// What the person can do, when no code was read and something was measured.
    pub hint: Option<Hint>,
}
