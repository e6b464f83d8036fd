//! Writing merchant-presented codes. Only codes that keep the specification are written: what is
//! forgiven in reading is no excuse for making more of it.

use super::{Breach, Tag, crc::HEADER, crc16, read};
use std::fmt::Write as _;

/// Builds a code, data object after data object.
///
/// ```
/// use signs::emvco::{Tag, Verdict, Writer, read};
///
/// let code = Writer::new()
///     .object(Tag::INITIATION, "11")
///     .template(Tag(26), &[(Tag(0), "SG.PAYNOW"), (Tag(1), "2"), (Tag(2), "201403121W")])
///     .object(Tag::MCC, "0000")
///     .object(Tag::CURRENCY, "702")
///     .object(Tag::COUNTRY, "SG")
///     .object(Tag::NAME, "ACME Pte Ltd.")
///     .object(Tag::CITY, "Singapore")
///     .finish()
///     .unwrap();
/// assert_eq!(read(&code).verdict(), Verdict::Accept);
/// ```
#[derive(Debug, Clone)]
pub struct Writer {
    text: String,
    too_long: Option<Tag>,
}

/// Why a code was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A value or a template longer than the 99 characters that a length can state, or an id above
    /// 99.
    #[error("object {0} does not fit two digits of length")]
    Length(Tag),
    /// What the code would do against the specification.
    #[error("the code would break the specification: {}", names(.0))]
    Breaches(Vec<Breach>),
}

impl Writer {
    /// A code that begins with the payload format indicator.
    pub fn new() -> Self {
        Self { text: String::new(), too_long: None }.object(Tag::PAYLOAD_FORMAT, "01")
    }

    /// Adds a data object.
    #[must_use]
    pub fn object(mut self, tag: Tag, value: &str) -> Self {
        if !push(&mut self.text, tag, value) {
            self.too_long = self.too_long.or(Some(tag));
        }
        self
    }

    /// Adds a template of objects.
    #[must_use]
    pub fn template(mut self, tag: Tag, objects: &[(Tag, &str)]) -> Self {
        let mut value = String::new();
        for (sub, text) in objects {
            if !push(&mut value, *sub, text) {
                self.too_long = self.too_long.or(Some(tag));
            }
        }
        self.object(tag, &value)
    }

    /// Adds the checksum and hands out the code.
    pub fn finish(mut self) -> Result<String, WriteError> {
        if let Some(tag) = self.too_long {
            return Err(WriteError::Length(tag));
        }
        self.text.push_str(HEADER);
        let crc = crc16(self.text.as_bytes());
        // Writing to a text cannot fail.
        let _ = write!(self.text, "{crc:04X}");
        let breaches = read(&self.text).breaches;
        if breaches.is_empty() { Ok(self.text) } else { Err(WriteError::Breaches(breaches)) }
    }
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

fn push(text: &mut String, tag: Tag, value: &str) -> bool {
    let chars = value.chars().count();
    if chars > 99 || tag.0 > 99 {
        return false;
    }
    write!(text, "{tag}{chars:02}{value}").is_ok()
}

fn names(breaches: &[Breach]) -> String {
    breaches.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
