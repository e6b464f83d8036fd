//! One advertisement, and the beacon reports in it.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::sensed::BeaconReport;

/// The Bluetooth base UUID: what a 16-bit service number is short for.
const BASE: u128 = 0x0000_0000_0000_1000_8000_0080_5f9b_34fb;

/// One advertisement, as far as the platform hands it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advert {
    /// The transmitter's address, or what the platform calls it by. Rotates; no identity.
    pub peer: String,
    /// Received strength, dBm; 127 when unknown.
    pub rssi_dbm: i16,
    /// By Bluetooth company identifier.
    pub manufacturer_data: BTreeMap<u16, Vec<u8>>,
    /// By 16-bit service number; other services are no beacons'.
    pub service_data: BTreeMap<u16, Vec<u8>>,
}

impl Advert {
    /// What it may say of a beacon, heard at this instant (milliseconds since 1970).
    pub fn reports(&self, heard_at_ms: i64) -> impl Iterator<Item = BeaconReport> {
        let rssi_dbm = self.rssi_dbm;
        let manufacturer = self.manufacturer_data.iter().map(move |(&company, bytes)| {
            let bytes = bytes.clone();
            BeaconReport::ManufacturerData { company, bytes, rssi_dbm, heard_at_ms }
        });
        let service = self.service_data.iter().map(move |(&service, bytes)| {
            let bytes = bytes.clone();
            BeaconReport::ServiceData { service, bytes, rssi_dbm, heard_at_ms }
        });
        manufacturer.chain(service)
    }
}

/// The 16-bit number a service's UUID is long for.
pub(super) fn short(uuid: Uuid) -> Option<u16> {
    let number = u16::try_from(uuid.as_u128() >> 96).ok()?;
    (uuid.as_u128() == BASE | u128::from(number) << 96).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_base_uuid_makes_long_is_a_service_number() {
        let eddystone: Uuid = "0000feaa-0000-1000-8000-00805f9b34fb".parse().unwrap();
        assert_eq!(short(eddystone), Some(0xfeaa));
        assert_eq!(short("0001feaa-0000-1000-8000-00805f9b34fb".parse().unwrap()), None);
        assert_eq!(short(Uuid::from_u128(7)), None);
    }
}
