//! The parts of a web address, as far as they are needed to know whose it is.

use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// `scheme://host/path?query`, cut apart and not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address<'a> {
    /// Before `://`.
    pub scheme: &'a str,
    /// Host and, if stated, `:port`.
    pub host: &'a str,
    /// From the first `/` after the host; empty if there is none.
    pub path: &'a str,
    /// After `?`, without the fragment.
    pub query: Option<&'a str>,
}

/// Why a text is no web address that can be trusted to say whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// No `://`.
    #[error("no scheme")]
    Scheme,
    /// No host, or one with characters that a host does not have: a user name before `@` makes one
    /// host look like another, and so do letters of other scripts.
    #[error("host")]
    Host,
    /// A blank, a control character or a backslash, which readers take for different things.
    #[error("character that an address does not have")]
    Character,
}

impl<'a> Address<'a> {
    /// Cuts an address apart.
    pub fn read(text: &'a str) -> Result<Self, AddressError> {
        let (scheme, rest) = text.split_once("://").ok_or(AddressError::Scheme)?;
        if scheme.is_empty() || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(AddressError::Scheme);
        }
        if rest.bytes().any(|byte| byte <= b' ' || byte == 0x7f || byte == b'\\') {
            return Err(AddressError::Character);
        }
        let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        let (host, path) =
            rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or((rest, ""));
        let is_host_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:".contains(&byte);
        if host.is_empty() || !host.bytes().all(is_host_byte) {
            return Err(AddressError::Host);
        }
        Ok(Self { scheme, host, path, query })
    }

    /// Whether the host is this one, without regard to case.
    pub fn is_host(&self, host: &str) -> bool {
        self.host.eq_ignore_ascii_case(host)
    }
}

/// Takes percent-encoding off; `None` if an escape is broken or the bytes are not UTF-8.
pub(super) fn decoded(text: &str) -> Option<Cow<'_, str>> {
    let mut escapes = text.split('%');
    escapes.next();
    let is_whole = |after: &str| {
        after.as_bytes().first_chunk::<2>().is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
    };
    if !escapes.all(is_whole) {
        return None;
    }
    percent_decode_str(text).decode_utf8().ok()
}
