//! What a code holds: its bytes, and the text they most likely mean.

use rxing::common::cpp_essentials::DecoderResult;

/// One of the symbols a longer message was split over (ISO/IEC 18004, structured append).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which one this is, from 0.
    pub index: u8,
    /// How many there are, at most 16.
    pub of: u8,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub bytes: Vec<u8>,
    pub text: String,
    pub part: Option<Part>,
}

impl Content {
    /// `None` for a symbol that failed its check or holds nothing.
    pub(super) fn of(decoded: &DecoderResult<bool>) -> Option<Self> {
        if !decoded.isValid() {
            return None;
        }
        let bytes = decoded.content().bytes().to_vec();
        if bytes.is_empty() {
            return None;
        }
        let text = text(&bytes, decoded.content().has_eci, || decoded.text());
        let sequence = decoded.structuredAppend();
        let part = match (u8::try_from(sequence.index), u8::try_from(sequence.count)) {
            (Ok(index), Ok(of)) if of > 1 => Some(Part { index, of }),
            _ => None,
        };
        Some(Self { bytes, text, part })
    }
}

/// Without a declared character set, bytes that are UTF-8 are UTF-8: Shift_JIS and Latin-1 text is
/// next to never valid UTF-8 by chance. The rest (Shift_JIS or Latin-1 by their bytes, Kanji
/// segments, declared sets) is rxing's `judged`, segment by segment.
fn text(bytes: &[u8], declared: bool, judged: impl FnOnce() -> String) -> String {
    let utf8 = || std::str::from_utf8(bytes).map(str::to_owned);
    let latin = || bytes.iter().copied().map(char::from).collect();
    if declared {
        // A set that contradicts the bytes yields nothing: better the bytes than a hole.
        let text = judged();
        return if text.is_empty() { utf8().unwrap_or_else(|_| latin()) } else { text };
    }
    utf8().unwrap_or_else(|_| judged())
}
