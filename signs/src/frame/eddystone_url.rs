//! Eddystone-URL: `10`, power, scheme, 1 to 17 bytes in which some endings are one byte.

use super::{Refusal, UncheckedPower, eddystone};
use std::fmt;

const SCHEMES: [&str; 4] = ["http://www.", "https://www.", "http://", "https://"];
const ENDINGS: [&str; 14] = [
    ".com/", ".org/", ".edu/", ".net/", ".info/", ".biz/", ".gov/", ".com", ".org", ".edu", ".net",
    ".info", ".biz", ".gov",
];
const MAX_ENCODED: usize = 17;

/// An Eddystone-URL frame. `Display` writes the link. It is a claim of whoever sends it, and is
/// shown or compared, never opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EddystoneUrl<'a> {
    /// Power, stated at 0 m.
    pub power: UncheckedPower,
    scheme: &'static str,
    encoded: &'a [u8],
}

impl<'a> EddystoneUrl<'a> {
    /// What follows the frame type.
    pub(super) fn read(body: &'a [u8]) -> Result<Self, Refusal> {
        let [power, scheme, encoded @ ..] = body else { return Err(Refusal::UrlLength) };
        if !(1..=MAX_ENCODED).contains(&encoded.len()) {
            return Err(Refusal::UrlLength);
        }
        let scheme = SCHEMES.get(usize::from(*scheme)).ok_or(Refusal::UrlEncoding)?;
        if encoded.iter().any(|&byte| matches!(byte, 0x0e..=0x20 | 0x7f..)) {
            return Err(Refusal::UrlEncoding);
        }
        Ok(Self { power: UncheckedPower(i8::from_be_bytes([*power])), scheme, encoded })
    }

    /// The service data of a frame for this link; `None` if it does not fit or has characters that
    /// a frame cannot hold.
    pub fn service_data(power: UncheckedPower, url: &str) -> Option<Vec<u8>> {
        // The longer schemes come first, so the shortest encoding wins.
        let (number, mut rest) = (0u8..)
            .zip(SCHEMES)
            .find_map(|(number, scheme)| Some((number, url.strip_prefix(scheme)?)))?;
        let mut data = vec![0x10, power.0.to_be_bytes()[0], number];
        while let Some(&byte) = rest.as_bytes().first() {
            let ending = (0u8..)
                .zip(ENDINGS)
                .find_map(|(number, ending)| Some((number, rest.strip_prefix(ending)?)));
            let (encoded, tail) = match ending {
                Some(ending) => ending,
                None if byte.is_ascii_graphic() => (byte, rest.get(1..)?),
                None => return None,
            };
            data.push(encoded);
            rest = tail;
        }
        (4..=3 + MAX_ENCODED).contains(&data.len()).then_some(data)
    }

    /// The whole advertisement for this link, see [`EddystoneUrl::service_data`].
    pub fn advert(power: UncheckedPower, url: &str) -> Option<Vec<u8>> {
        Some(eddystone::advert(&Self::service_data(power, url)?))
    }
}

impl fmt::Display for EddystoneUrl<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.scheme)?;
        self.encoded.iter().try_for_each(|&byte| match ENDINGS.get(usize::from(byte)) {
            Some(ending) => out.write_str(ending),
            None => fmt::Write::write_char(out, char::from(byte)),
        })
    }
}
