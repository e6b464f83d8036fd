//! The two texts of a store code. Both use only the 45 characters of QR alphanumeric mode, which
//! packs two characters in 11 bits and survives scanners that mangle binary.

use super::{SignedStoreCode, StoreCodeError};
use data_encoding::BASE32_NOPAD;

/// Begins the compact text; base45 (RFC 9285) follows.
pub const TEXT_PREFIX: &str = "TS1:";
/// Begins the link; base32 (RFC 4648) without padding follows.
pub const URL_PREFIX: &str = "HTTPS://TILLSIGHT.EXAMPLE/S/";

/// Scheme and host, which scanners and browsers may write in small letters.
const URL_ORIGIN_LEN: usize = "HTTPS://TILLSIGHT.EXAMPLE".len();
/// A payment record in base32 has 202 characters; anything much longer is not decoded at all.
const MAX_ENCODED: usize = 256;

impl SignedStoreCode {
    /// The compact text: the smallest QR code, for our own readers.
    pub fn to_text(&self) -> String {
        format!("{TEXT_PREFIX}{}", base45::encode(self.to_bytes()))
    }

    /// The link in capital letters: one or two QR versions larger, and any camera opens it.
    pub fn to_url(&self) -> String {
        format!("{URL_PREFIX}{}", BASE32_NOPAD.encode(&self.to_bytes()))
    }

    /// Reads either text, without judging the signature. Host and scheme may be in either case.
    pub fn read(text: &str) -> Result<Self, StoreCodeError> {
        let bytes = if let Some(encoded) = text.strip_prefix(TEXT_PREFIX) {
            bounded(encoded).and_then(|encoded| base45::decode(encoded).ok())
        } else if let Some(encoded) = strip_url(text) {
            bounded(encoded).and_then(|encoded| BASE32_NOPAD.decode(encoded.as_bytes()).ok())
        } else {
            return Err(StoreCodeError::Prefix);
        };
        Self::from_bytes(&bytes.ok_or(StoreCodeError::Encoding)?)
    }
}

fn strip_url(text: &str) -> Option<&str> {
    let (origin, path) = text.split_at_checked(URL_ORIGIN_LEN)?;
    let (expected_origin, expected_path) = URL_PREFIX.split_at_checked(URL_ORIGIN_LEN)?;
    origin.eq_ignore_ascii_case(expected_origin).then(|| path.strip_prefix(expected_path))?
}

fn bounded(encoded: &str) -> Option<&str> {
    (encoded.len() <= MAX_ENCODED).then_some(encoded)
}
