//! The two texts of a store code. Both use only the 45 characters of QR alphanumeric mode, which
//! packs two characters in 11 bits and survives scanners that mangle binary.

use super::{SignedStoreCode, StoreCodeError};
use base32ct::{Base32UpperUnpadded, Encoding as _};

/// Begins the compact text; base45 (RFC 9285) follows.
pub const TEXT_PREFIX: &str = "TS1:";
/// Behind the host of a link; base32 (RFC 4648) without padding follows.
const LINK_PATH: &str = "S/";

const SCHEME: &str = "HTTPS://";

/// A payment record in base32 has 202 characters; anything much longer is not decoded at all.
const MAX_ENCODED: usize = 256;

impl SignedStoreCode {
    /// The compact text: the smallest QR code, for our own readers.
    pub fn to_text(&self) -> String {
        format!("{TEXT_PREFIX}{}", base45::encode(self.to_bytes()))
    }

    /// The link to `host` in capital letters: one or two QR versions larger, and any camera opens it.
    pub fn to_url(&self, host: &str) -> String {
        let host = host.to_ascii_uppercase();
        format!(
            "{SCHEME}{host}/{LINK_PATH}{}",
            Base32UpperUnpadded::encode_string(&self.to_bytes())
        )
    }

    /// Reads either text, without judging the signature. Host and scheme may be in either case. Which
    /// host a link leads to ([`link_host`]) is the caller's to judge.
    pub fn read(text: &str) -> Result<Self, StoreCodeError> {
        let bytes = if let Some(encoded) = text.strip_prefix(TEXT_PREFIX) {
            bounded(encoded).and_then(|encoded| base45::decode(encoded).ok())
        } else if let Some((_, encoded)) = parts(text) {
            bounded(encoded).and_then(base32)
        } else {
            return Err(StoreCodeError::Prefix);
        };
        Self::from_bytes(&bytes.ok_or(StoreCodeError::Encoding)?)
    }
}

/// The bytes of a text that writes them as [`SignedStoreCode::to_url`] does, with no bit left over.
fn base32(encoded: &str) -> Option<Vec<u8>> {
    let bytes = Base32UpperUnpadded::decode_vec(encoded).ok()?;
    (Base32UpperUnpadded::encode_string(&bytes) == encoded).then_some(bytes)
}

/// The host of a link that has the form of a store code's, whatever it carries.
pub fn link_host(text: &str) -> Option<&str> {
    parts(text).map(|(host, _)| host)
}

fn parts(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_at_checked(SCHEME.len())?;
    let (host, path) = rest.split_once('/')?;
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let is_host = !host.is_empty() && host.bytes().all(is_letter);
    let is_link = is_host && scheme.eq_ignore_ascii_case(SCHEME);
    is_link.then(|| path.strip_prefix(LINK_PATH).map(|encoded| (host, encoded)))?
}

fn bounded(encoded: &str) -> Option<&str> {
    (encoded.len() <= MAX_ENCODED).then_some(encoded)
}
