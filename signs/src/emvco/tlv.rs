//! Data objects: two digits of id, two digits of length, value. The length counts characters
//! (specification 4.4.1.1); some issuers count bytes of UTF-8.

use super::Tag;

/// The longest text that is looked at, in bytes. The specification recommends at most 512
/// characters; no real code comes near this.
pub const MAX_TEXT: usize = 4096;

/// A data object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Object<'a> {
    /// Its id.
    pub tag: Tag,
    /// Its value, which may be a template of further objects.
    pub value: &'a str,
}

/// Where a text stops being data objects. Places count characters from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlvError {
    /// The text is longer than [`MAX_TEXT`].
    #[error("text of {bytes} bytes")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Fewer than four characters are left, which is no object.
    #[error("trailing {chars} chars at {at}")]
    Trailing {
        /// How many.
        chars: usize,
        /// Where they begin.
        at: usize,
    },
    /// An id that is not two digits.
    #[error("bad tag {tag} at {at}")]
    Tag {
        /// The two characters.
        tag: String,
        /// Where the object begins.
        at: usize,
    },
    /// A length that is not two digits.
    #[error("bad length {length} at {at} (tag {tag})")]
    Length {
        /// The two characters.
        length: String,
        /// Where they stand.
        at: usize,
        /// The object's id.
        tag: Tag,
    },
    /// A length that runs past the end.
    #[error("length overrun tag {tag} len {length} have {have}")]
    Overrun {
        /// The object's id.
        tag: Tag,
        /// Its length.
        length: usize,
        /// How many characters are left.
        have: usize,
    },
}

/// What a length counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthUnit {
    /// Characters, as the specification says.
    Characters,
    /// Bytes of UTF-8, as some issuers count.
    Bytes,
}

/// The objects of a text.
pub fn objects(text: &str, unit: LengthUnit) -> Result<Vec<Object<'_>>, TlvError> {
    if text.len() > MAX_TEXT {
        return Err(TlvError::TooLong { bytes: text.len() });
    }
    // A guess that spares most texts a second allocation: templates have few objects.
    let mut objects = Vec::with_capacity((text.len() / 8).min(24));
    let mut rest = text;
    while !rest.is_empty() {
        let (object, tail) = split_object(rest, unit).map_err(|fault| fault.at(text, rest))?;
        objects.push(object);
        rest = tail;
    }
    Ok(objects)
}

/// A template's objects and what their lengths count, if its value is nothing but objects. Issuers
/// who count bytes do so at one level, at the other or at both, so the unit of the code around it
/// is only tried first: the other one counts where the first gives no objects, or repeated or empty
/// ones.
pub(super) fn template(value: &str, around: LengthUnit) -> Option<(Vec<Object<'_>>, LengthUnit)> {
    let read = |unit| objects(value, unit).ok().map(|objects| (objects, unit));
    let first = read(around);
    if value.is_ascii() || first.as_ref().is_some_and(|(objects, _)| is_whole(objects)) {
        return first;
    }
    let second = read(match around {
        LengthUnit::Characters => LengthUnit::Bytes,
        LengthUnit::Bytes => LengthUnit::Characters,
    });
    second.filter(|(objects, _)| first.is_none() || is_whole(objects)).or(first)
}

/// Whether each object has a value and an id of its own.
fn is_whole(objects: &[Object<'_>]) -> bool {
    let is_first =
        |index: usize, tag: Tag| objects.iter().position(|o| o.tag == tag) == Some(index);
    objects.iter().enumerate().all(|(index, o)| !o.value.is_empty() && is_first(index, o.tag))
}

enum Fault {
    Header,
    Tag,
    Length(Tag),
    Overrun(Tag, usize),
}

fn split_object(rest: &str, unit: LengthUnit) -> Result<(Object<'_>, &str), Fault> {
    let (tag, after_tag) = split_chars(rest, 2).ok_or(Fault::Header)?;
    let (length, after) = split_chars(after_tag, 2).ok_or(Fault::Header)?;
    let tag = Tag(two_digits(tag).ok_or(Fault::Tag)?);
    let length = usize::from(two_digits(length).ok_or(Fault::Length(tag))?);
    let cut = match unit {
        LengthUnit::Characters => split_chars(after, length),
        LengthUnit::Bytes => after.split_at_checked(length),
    };
    let (value, tail) = cut.ok_or(Fault::Overrun(tag, length))?;
    Ok((Object { tag, value }, tail))
}

impl Fault {
    fn at(self, text: &str, rest: &str) -> TlvError {
        let left = rest.chars().count();
        let at = text.chars().count().saturating_sub(left);
        let chars = |skip| rest.chars().skip(skip).take(2).collect();
        match self {
            Self::Header => TlvError::Trailing { chars: left, at },
            Self::Tag => TlvError::Tag { tag: chars(0), at },
            Self::Length(tag) => TlvError::Length { length: chars(2), at: at + 2, tag },
            Self::Overrun(tag, length) => {
                TlvError::Overrun { tag, length, have: left.saturating_sub(4) }
            }
        }
    }
}

/// Cuts after `count` characters.
fn split_chars(text: &str, count: usize) -> Option<(&str, &str)> {
    // ASCII, the common case: the first `count` bytes are as many characters.
    if let Some(cut) = text.split_at_checked(count)
        && cut.0.is_ascii()
    {
        return Some(cut);
    }
    let mut ends = text.char_indices().map(|(start, _)| start).chain([text.len()]);
    text.split_at_checked(ends.nth(count)?)
}

fn two_digits(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some((tens - b'0') * 10 + (ones - b'0')),
        _ => None,
    }
}
