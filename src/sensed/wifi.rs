//! Wi-Fi access points the phone heard or is joined to (Android; iOS tells the joined one only).

use domain::Timestamp;

/// How many access points of one scan are looked at: the strongest decide, and a scan in a mall
/// lists hundreds.
pub const MAX_HEARD: usize = 32;

/// The radio address of an access point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// One look round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WifiScan {
    /// The access point the phone is joined to.
    pub joined: Option<Bssid>,
    /// Access points heard with their strength in dBm; empty where the platform does not scan.
    pub heard: Vec<(Bssid, i8)>,
    /// When.
    pub seen_at: Timestamp,
}

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
