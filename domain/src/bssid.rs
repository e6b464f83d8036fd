//! The address of a Wi-Fi access point.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The radio address of an access point.
///
/// On the wire: `"0a:1b:2c:3d:4e:5f"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bssid(pub [u8; 6]);

impl Bssid {
    /// From the twelve hexadecimal digits, with or without `:` or `-` between the bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0u8; 6];
        let mut digits = text.chars().filter(|c| !matches!(c, ':' | '-'));
        for byte in &mut bytes {
            let high = digits.next()?.to_digit(16)?;
            let low = digits.next()?.to_digit(16)?;
            *byte = u8::try_from(high * 16 + low).ok()?;
        }
        digits.next().is_none().then_some(Self(bytes))
    }
}

impl fmt::Display for Bssid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            write!(f, "{}{byte:02x}", if at == 0 { "" } else { ":" })?;
        }
        Ok(())
    }
}

impl From<Bssid> for String {
    fn from(address: Bssid) -> Self {
        address.to_string()
    }
}

impl TryFrom<String> for Bssid {
    type Error = BssidError;

    fn try_from(text: String) -> Result<Self, BssidError> {
        Self::parse(&text).ok_or(BssidError)
    }
}

/// The text is no radio address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a radio address of six bytes")]
pub struct BssidError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_in_the_forms_platforms_write() {
        let address = Some(Bssid([0x0a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f]));
        for text in ["0a1b2c3d4e5f", "0A:1B:2C:3D:4E:5F", "0a-1b-2c-3d-4e-5f"] {
            assert_eq!(Bssid::parse(text), address, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "0a1b2c3d4e5", "0a1b2c3d4e5f60", "0a1b2c3d4e5g", "\u{ff10}a1b2c3d4e5f"] {
            assert_eq!(Bssid::parse(text), None, "{text}");
        }
    }
}
