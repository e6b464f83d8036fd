//! Wi-Fi access points the phone heard or is joined to (Android; iOS tells the joined one only).

pub use domain::Bssid;
use domain::{Timestamp, order};

use super::beacon::credible_rssi;

/// How many access points of one scan are looked at: the strongest decide, and a scan in a mall
/// lists hundreds.
pub const MAX_HEARD: usize = 32;

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
    /// The scan; `None` when an address is malformed.
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
        order::sort_by_key(&mut heard, |(address, rssi)| (std::cmp::Reverse(*rssi), *address));
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

    fn heard(bssid: &str, rssi_dbm: i16) -> AccessPoint {
        AccessPoint { bssid: bssid.to_owned(), rssi_dbm }
    }

    #[test]
    fn the_strongest_count_and_one_without_a_strength_is_left_out() {
        let mut points: Vec<_> =
            (0..40).map(|nth| heard(&format!("0a1b2c3d4e{nth:02x}"), -90 + nth)).collect();
        points.push(heard("ff:ff:ff:ff:ff:ff", 127));
        let report = WifiReport { joined: None, heard: points, heard_at_ms: 5 };
        let scan = report.scan().unwrap();
        assert_eq!(
            (scan.heard.len(), scan.heard[0].1, scan.seen_at),
            (MAX_HEARD, -51, Timestamp(5))
        );
    }

    #[test]
    fn an_address_that_is_none_refuses_the_report() {
        let joined = Some("not an address".to_owned());
        assert_eq!(WifiReport { joined, heard: Vec::new(), heard_at_ms: 0 }.scan(), None);
        let heard = vec![heard("", -50)];
        assert_eq!(WifiReport { joined: None, heard, heard_at_ms: 0 }.scan(), None);
    }
}
