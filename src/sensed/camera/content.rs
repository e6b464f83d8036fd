//! What a symbol holds: its bytes, and the text they most likely mean.

use super::charset::{self, Charset};
use super::codewords::Codewords;
use super::segments::{Segment, Segments};
use rxing::common::BitMatrix;

/// One of the symbols a longer message was split over (ISO/IEC 18004, structured append).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which one this is, from 0.
    pub index: u8,
    /// How many there are, at most 16.
    pub of: u8,
    /// All bytes of the whole message, exclusive-or'ed: alike in its parts.
    pub parity: u8,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub bytes: Vec<u8>,
    pub text: String,
    pub part: Option<Part>,
}

impl Content {
    /// `None` for a symbol that fails its error correction or holds nothing.
    pub(super) fn of(modules: &BitMatrix) -> Option<Self> {
        let segments = Segments::of(&Codewords::of(modules)?)?;
        let bytes: Vec<u8> = segments.list.iter().flat_map(|one| &one.bytes).copied().collect();
        let part = segments.append.and_then(|(index, of, parity)| {
            (of > 1 && index < of).then_some(Part { index, of, parity })
        });
        (!bytes.is_empty()).then(|| Self { text: text(&segments.list), bytes, part })
    }
}

/// Undeclared bytes are in one set throughout the symbol.
fn text(segments: &[Segment]) -> String {
    let undeclared = segments.iter().filter(|one| one.charset == Charset::Undeclared);
    let undeclared: Vec<u8> = undeclared.flat_map(|one| &one.bytes).copied().collect();
    let kanji = segments.iter().any(|one| one.charset == Charset::Kanji);
    let guessed = charset::guess(&undeclared, kanji);
    segments.iter().map(|one| one.charset.text(&one.bytes, guessed)).collect()
}
