//! What a store beacon's radio said, in one form whatever the platform heard it with.
//!
//! Android and Linux hand over advertisements, iOS hands over ranged beacons and region events.
//! All become a [`Sighting`] of one [`Beacon`] of the network, or nothing.

use domain::Timestamp;
use uuid::Uuid;

/// The proximity UUID that every store beacon of the network sends: one UUID for all, so that one
/// iOS region wakes for every store (major and minor say which).
pub const NETWORK: Uuid = Uuid::from_u128(0x5af1_e0de_0000_4000_8000_7761_6c6c_6574);

/// The number of one store beacon under [`NETWORK`].
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
    /// The sighting, or `None` for a beacon that is not the network's.
    pub fn sighting(&self) -> Option<Sighting> {
        (self.uuid == NETWORK).then_some(Sighting {
            beacon: Beacon { major: self.major, minor: self.minor },
            rssi_dbm: credible_rssi(self.rssi_dbm),
            // iOS keeps the power byte to itself.
            power_dbm: None,
            proven: false,
            seen_at: Timestamp(self.seen_at_ms),
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
