//! What a store beacon's radio said, in one form whatever the platform heard it with.
//!
//! Android and Linux hand over advertisements, iOS hands over ranged beacons and region events.
//! All become a [`Sighting`] of one [`Beacon`] of the network, or nothing.

use domain::Timestamp;
use uuid::Uuid;

/// The number of one store beacon under the network's proximity UUID, which all of them send so that one
/// iOS region wakes for every store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Beacon {
    /// Usually the store.
    pub major: u16,
    /// Usually which of the store's beacons.
    pub minor: u16,
}

/// One beacon heard once, cleaned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Which.
    pub beacon: Beacon,
    /// Received strength, dBm, -127..=20; absent when the radio did not know it or the platform
    /// only said "in range".
    pub rssi_dbm: Option<i8>,
    /// Strength at 1 m as the beacon or the register says; absent when the byte is not credible.
    pub power_dbm: Option<i8>,
    /// The frame carried a one-time value that the network's table confirms for now: not a
    /// recording.
    pub proven: bool,
    /// When it was heard.
    pub seen_at: Timestamp,
}

/// A beacon as iOS ranges it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RangedBeacon {
    /// The proximity UUID.
    pub uuid: Uuid,
    /// Major number.
    pub major: u16,
    /// Minor number.
    pub minor: u16,
    /// dBm; iOS says 0 when it does not know.
    pub rssi_dbm: i16,
    /// Milliseconds since 1970.
    pub seen_at_ms: i64,
}

impl RangedBeacon {
    /// The sighting, or `None` for a beacon of another network than the one with this UUID.
    pub fn sighting(&self, network: Option<Uuid>) -> Option<Sighting> {
        (Some(self.uuid) == network).then_some(Sighting {
            beacon: Beacon { major: self.major, minor: self.minor },
            rssi_dbm: credible_rssi(self.rssi_dbm),
            // iOS keeps the power byte to itself.
            power_dbm: None,
            proven: false,
            seen_at: Timestamp(self.seen_at_ms),
        })
    }
}

/// A region event of iOS, or a match of Android's filter: "in range", without a strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionEvent {
    /// The beacon whose region it is; absent for the region of the whole network, which says that
    /// some store is near but not which.
    pub beacon: Option<Beacon>,
    /// Came into range (`true`) or out of it. Out of range is no sighting: the judgement counts
    /// silence itself.
    pub entered: bool,
    /// Milliseconds since 1970.
    pub at_ms: i64,
}

impl RegionEvent {
    /// The sighting, without a strength; `None` when no store's beacon came into range.
    pub fn sighting(&self) -> Option<Sighting> {
        Some(Sighting {
            beacon: self.beacon.filter(|_| self.entered)?,
            rssi_dbm: None,
            power_dbm: None,
            proven: false,
            seen_at: Timestamp(self.at_ms),
        })
    }
}

/// A received strength that a phone can have measured: 127 is the radio's "not known", 0 is iOS's,
/// and nothing received is above +20 or below -127 dBm (Bluetooth Core, Read RSSI).
pub fn credible_rssi(rssi_dbm: i16) -> Option<i8> {
    match i8::try_from(rssi_dbm) {
        Ok(0 | i8::MIN) | Err(_) => None,
        Ok(rssi) if rssi > 20 => None,
        Ok(rssi) => Some(rssi),
    }
}

/// A power byte that a beacon can mean: field captures hold 0, 127 and sensor values in its place.
pub fn credible_power(power_dbm: i8) -> Option<i8> {
    (-100..0).contains(&power_dbm).then_some(power_dbm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_phone_can_have_measured_is_no_strength() {
        for rssi in [127, 0, -128, 21, 128, -300, i16::MIN, i16::MAX] {
            assert_eq!(credible_rssi(rssi), None, "{rssi}");
        }
        assert_eq!((credible_rssi(-127), credible_rssi(20)), (Some(-127), Some(20)));
    }

    #[test]
    fn a_sensor_value_in_the_power_byte_is_no_power() {
        for power in [0, 26, 100, 127, -101, -128] {
            assert_eq!(credible_power(power), None, "{power}");
        }
        assert_eq!(credible_power(-59), Some(-59));
    }

    #[test]
    fn a_ranged_beacon_of_another_network_is_no_sighting() {
        let uuid = Uuid::from_u128(1);
        let ranged = RangedBeacon { uuid, major: 1, minor: 1, rssi_dbm: 0, seen_at_ms: 0 };
        assert_eq!(ranged.sighting(Some(Uuid::from_u128(2))), None);
        assert_eq!(ranged.sighting(None), None);
        assert_eq!(ranged.sighting(Some(uuid)).map(|seen| seen.rssi_dbm), Some(None));
    }

    #[test]
    fn only_coming_into_a_stores_region_is_a_sighting() {
        let beacon = Some(Beacon { major: 3, minor: 1 });
        let event = RegionEvent { beacon, entered: true, at_ms: 5 };
        assert_eq!(event.sighting().map(|seen| seen.beacon), beacon);
        assert_eq!(RegionEvent { entered: false, ..event }.sighting(), None);
        assert_eq!(RegionEvent { beacon: None, ..event }.sighting(), None);
    }
}
