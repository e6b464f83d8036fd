//! GS1 Digital Link with a place: `…/414/{GLN}` and perhaps `/254/{extension}` or `/7040/{id}`.
//! An identifier of a store and its counter, not a proof.

use super::address::{Address, AddressError, decoded};

/// Application identifier of a physical location's GLN.
const PLACE: &str = "414";
/// Application identifiers that may follow it: GLN extension, and a unique id of a place.
const EXTENSION: &str = "254";
const UNIQUE_ID: &str = "7040";
/// Names that stood for numbers in an earlier version, and for 414.
const SHORT_NAMES: [&str; 2] = ["gln", "glnx"];
const GLN_DIGITS: usize = 13;
const MAX_EXTENSION: usize = 20;

/// A link to a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gs1Link<'a> {
    /// Global location number, 13 digits, whose check digit is right.
    pub gln: &'a str,
    /// GLN extension component: a counter or a door, at most 20 characters.
    pub extension: Option<String>,
    /// The host as it stands. It need not be GS1's.
    pub host: &'a str,
    /// The path before the identifiers, which belongs to the host.
    pub stem: &'a str,
}

/// Why a link is no valid link to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Gs1Error {
    /// The scheme is not `http` or `https`, in small or in capital letters but not mixed.
    #[error("scheme")]
    Scheme,
    /// The text is no web address.
    #[error("address: {0}")]
    Address(AddressError),
    /// A slash at the end.
    #[error("trailing slash")]
    TrailingSlash,
    /// No 414 with a value at the end of the path.
    #[error("no place")]
    NoPlace,
    /// `gln` in place of 414.
    #[error("short names are deprecated and off by default in the GS1 Syntax Engine")]
    ShortName,
    /// A GLN of a wrong length.
    #[error("GLN has {0} digits")]
    GlnLength(usize),
    /// A GLN with other characters than digits.
    #[error("GLN is not digits")]
    GlnDigits,
    /// A wrong check digit.
    #[error("check digit is {stated}, must be {right}")]
    CheckDigit {
        /// The GLN's last digit.
        stated: u32,
        /// What it should be.
        right: u32,
    },
    /// A qualifier that does not belong to a place.
    #[error("qualifier")]
    Qualifier,
    /// An extension that is empty, too long or of characters that GS1 does not use.
    #[error("extension")]
    Extension,
}

impl<'a> Gs1Link<'a> {
    /// Reads a link.
    ///
    /// ```
    /// use signs::link::Gs1Link;
    ///
    /// let link = Gs1Link::read("https://id.gs1.org/414/9520123456788/254/32a%2Fb").unwrap();
    /// assert_eq!((link.gln, link.extension.as_deref()), ("9520123456788", Some("32a/b")));
    /// ```
    pub fn read(text: &'a str) -> Result<Self, Gs1Error> {
        let address = Address::read(text).map_err(Gs1Error::Address)?;
        if !matches!(address.scheme, "http" | "https" | "HTTP" | "HTTPS") {
            return Err(Gs1Error::Scheme);
        }
        let found = Identifiers::find(address.path).ok_or(Gs1Error::NoPlace)?;
        if address.path.ends_with('/') {
            return Err(Gs1Error::TrailingSlash);
        }
        if found.key != PLACE {
            return Err(Gs1Error::ShortName);
        }
        check_gln(found.gln)?;
        let extension = match found.qualifier {
            None => None,
            Some((EXTENSION, value)) => Some(extension(value)?),
            Some((UNIQUE_ID, _)) => None,
            Some(_) => return Err(Gs1Error::Qualifier),
        };
        Ok(Self { gln: found.gln, extension, host: address.host, stem: found.stem })
    }

    /// Whether a text is meant as a link to a place, well or badly.
    pub fn is_meant(text: &str) -> bool {
        Address::read(text).is_ok_and(|Address { path, .. }| {
            Identifiers::find(path).is_some() || has_place_with_number(path)
        })
    }
}

struct Identifiers<'a> {
    stem: &'a str,
    key: &'a str,
    gln: &'a str,
    qualifier: Option<(&'a str, &'a str)>,
}

impl<'a> Identifiers<'a> {
    /// The right-most place key, with one value and at most one qualifier after it.
    fn find(path: &'a str) -> Option<Self> {
        let path = path.strip_suffix('/').unwrap_or(path);
        let (before, last) = path.rsplit_once('/')?;
        let (stem, key) = before.rsplit_once('/')?;
        if is_place_key(key) {
            return Some(Self { stem, key, gln: last, qualifier: None });
        }
        let (before, gln) = stem.rsplit_once('/')?;
        let (stem, place) = before.rsplit_once('/')?;
        is_place_key(place).then_some(Self { stem, key: place, gln, qualifier: Some((key, last)) })
    }
}

/// Whether a place key stands before a number somewhere, whatever follows. The key alone says
/// nothing: 414 may be a table.
fn has_place_with_number(path: &str) -> bool {
    let mut segments = path.split('/').peekable();
    std::iter::from_fn(|| Some((segments.next()?, segments.peek().copied().unwrap_or_default())))
        .any(|(key, value)| {
            let is_number = value.len() >= 8 && value.bytes().all(|byte| byte.is_ascii_digit());
            is_place_key(key) && is_number
        })
}

fn is_place_key(segment: &str) -> bool {
    segment == PLACE || SHORT_NAMES.contains(&segment)
}

fn check_gln(gln: &str) -> Result<(), Gs1Error> {
    if !gln.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Gs1Error::GlnDigits);
    }
    if gln.len() != GLN_DIGITS {
        return Err(Gs1Error::GlnLength(gln.len()));
    }
    let digits = gln.bytes().map(|byte| u32::from(byte - b'0'));
    let stated = digits.clone().next_back().unwrap_or_default();
    let sum: u32 =
        digits.take(GLN_DIGITS - 1).zip([1, 3].into_iter().cycle()).map(|(d, w)| d * w).sum();
    let right = (10 - sum % 10) % 10;
    if stated == right { Ok(()) } else { Err(Gs1Error::CheckDigit { stated, right }) }
}

fn extension(value: &str) -> Result<String, Gs1Error> {
    let value = decoded(value).ok_or(Gs1Error::Extension)?;
    let is_allowed = |byte: u8| byte.is_ascii_graphic() && !b"#$@[\\]^`{|}~".contains(&byte);
    if (1..=MAX_EXTENSION).contains(&value.len()) && value.bytes().all(is_allowed) {
        Ok(value.into_owned())
    } else {
        Err(Gs1Error::Extension)
    }
}
