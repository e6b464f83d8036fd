//! Wi-Fi access points the phone heard or is joined to (Android; iOS tells the joined one only).

use domain::Timestamp;

use super::beacon::credible_rssi;

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

/// Access points as the app reports them.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct WifiReport {
    /// The address (BSSID) of the access point the phone is joined to.
    pub joined: Option<String>,
    /// Those heard; empty where the platform does not scan. The strongest 32 count.
    pub heard: Vec<AccessPoint>,
    /// Milliseconds since 1970.
    pub heard_at_ms: i64,
}

/// One access point heard.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct AccessPoint {
    /// Its address, twelve hexadecimal digits with `:` or `-` between the bytes or without.
    pub bssid: String,
    /// Received strength, dBm.
    pub rssi_dbm: i16,
}

impl WifiReport {
    /// The scan; `None` when an address is none.
    pub fn scan(&self) -> Option<WifiScan> {
        let joined = self.joined.as_deref().map(|text| Bssid::parse(text).ok_or(())).transpose();
        let heard = self.heard.iter().map(|point| {
            // A strength that no radio can have measured leaves the access point out.
            let rssi = credible_rssi(point.rssi_dbm);
            Some((Bssid::parse(&point.bssid)?, rssi))
        });
        let heard: Option<Vec<_>> = heard.collect();
        let mut heard: Vec<_> =
            heard?.into_iter().filter_map(|(address, rssi)| Some((address, rssi?))).collect();
        heard.sort_by_key(|(address, rssi)| (std::cmp::Reverse(*rssi), *address));
        heard.truncate(MAX_HEARD);
        Some(WifiScan { joined: joined.ok()?, heard, seen_at: Timestamp(self.heard_at_ms) })
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
