//! iBeacon: manufacturer data of Apple, `02 15`, UUID 16, major 2, minor 2, power at 1 m.

use super::{Refusal, UncheckedPower};
use uuid::Uuid;

/// Apple's company id.
pub const APPLE: u16 = 0x004c;

/// An iBeacon. The UUID names a network of beacons, and makers ship the same default UUIDs in
/// every beacon, so it alone is never a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IBeacon {
    /// Proximity UUID.
    pub uuid: Uuid,
    /// By custom the store.
    pub major: u16,
    /// By custom the beacon within the store.
    pub minor: u16,
    /// Measured power, stated at 1 m.
    pub power: UncheckedPower,
}

impl IBeacon {
    /// What follows the type and subtype `02 15`.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let body: &[u8; 21] = body.try_into().map_err(|_| Refusal::IBeaconLength)?;
        let [uuid @ .., major_high, major_low, minor_high, minor_low, power] = *body;
        Ok(Self {
            uuid: Uuid::from_bytes(uuid),
            major: u16::from_be_bytes([major_high, major_low]),
            minor: u16::from_be_bytes([minor_high, minor_low]),
            power: UncheckedPower(i8::from_be_bytes([power])),
        })
    }

    /// The manufacturer data after the company id, for platforms that take it apart.
    pub fn manufacturer_data(&self) -> [u8; 23] {
        let mut data = [0; 23];
        let fields = [0x02, 0x15]
            .into_iter()
            .chain(*self.uuid.as_bytes())
            .chain(self.major.to_be_bytes())
            .chain(self.minor.to_be_bytes())
            .chain(self.power.0.to_be_bytes());
        data.iter_mut().zip(fields).for_each(|(to, from)| *to = from);
        data
    }

    /// The whole advertisement: flags (general discoverable, no classic Bluetooth), then the data.
    pub fn advert(&self) -> Vec<u8> {
        let mut advert = vec![0x02, 0x01, 0x06, 0x1a, 0xff];
        advert.extend_from_slice(&APPLE.to_le_bytes());
        advert.extend_from_slice(&self.manufacturer_data());
        advert
    }
}
