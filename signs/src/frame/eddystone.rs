//! Eddystone: service data of 0xFEAA. The high half of the first byte is the frame type, the low
//! half is reserved and zero. Numbers are big-endian; power is stated at 0 m.

use super::{Refusal, UncheckedPower};

/// Eddystone's 16-bit service UUID.
pub const EDDYSTONE_SERVICE: u16 = 0xfeaa;

/// Eddystone-UID: `00`, power, namespace 10, instance 6, reserved 2 (missing in old beacons).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EddystoneUid {
    /// Power, stated at 0 m.
    pub power: UncheckedPower,
    /// Names a network of beacons.
    pub namespace: [u8; 10],
    /// Names the beacon within it.
    pub instance: [u8; 6],
}

/// Eddystone-EID: `30`, power, ephemeral id 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EddystoneEid {
    /// Power, stated at 0 m.
    pub power: UncheckedPower,
    /// The id of this moment: look it up in a [`crate::eid::EidTable`].
    pub eid: [u8; 8],
}

impl EddystoneUid {
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let (id, reserved) = body.split_first_chunk::<17>().ok_or(Refusal::UidLength)?;
        if !matches!(reserved.len(), 0 | 2) {
            return Err(Refusal::UidLength);
        }
        let [power, namespace @ .., a, b, c, d, e, f] = *id;
        let power = UncheckedPower(i8::from_be_bytes([power]));
        Ok(Self { power, namespace, instance: [a, b, c, d, e, f] })
    }

    /// The service data after the service UUID.
    pub fn service_data(&self) -> Vec<u8> {
        let power = self.power.0.to_be_bytes();
        [&[0x00][..], &power, &self.namespace, &self.instance, &[0, 0]].concat()
    }

    /// The whole advertisement.
    pub fn advert(&self) -> Vec<u8> {
        advert(&self.service_data())
    }
}

impl EddystoneEid {
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let [power, eid @ ..] = *<&[u8; 9]>::try_from(body).map_err(|_| Refusal::EidLength)?;
        Ok(Self { power: UncheckedPower(i8::from_be_bytes([power])), eid })
    }

    /// The service data after the service UUID.
    pub fn service_data(&self) -> Vec<u8> {
        [&[0x30][..], &self.power.0.to_be_bytes(), &self.eid].concat()
    }

    /// The whole advertisement.
    pub fn advert(&self) -> Vec<u8> {
        advert(&self.service_data())
    }
}

/// An advertisement of at most 31 bytes: flags, the service list that iOS needs to find the beacon
/// in the background, and the service data, which has at most 20 bytes in every Eddystone frame.
pub(super) fn advert(service_data: &[u8]) -> Vec<u8> {
    let [low, high] = EDDYSTONE_SERVICE.to_le_bytes();
    let mut advert = vec![0x02, 0x01, 0x06, 0x03, 0x03, low, high];
    advert.push(u8::try_from(service_data.len() + 3).unwrap_or(u8::MAX));
    advert.extend_from_slice(&[0x16, low, high]);
    advert.extend_from_slice(service_data);
    advert
}
