//! AltBeacon: manufacturer data of any company, `BE AC`, id 20, reference RSSI, reserved byte.

use super::{Mode, Refusal, UncheckedPower};
use uuid::Uuid;

/// An AltBeacon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AltBeacon {
    /// The maker's Bluetooth company id.
    pub company_id: u16,
    /// The beacon id, by custom 16 + 2 + 2 bytes: see [`AltBeacon::parts`].
    pub id: [u8; 20],
    /// Reference RSSI, stated at 1 m.
    pub power: UncheckedPower,
    /// The maker's reserved byte; missing in frames cut short, which only the lenient mode reads.
    pub reserved: Option<u8>,
}

impl AltBeacon {
    /// What follows the beacon code `BE AC`.
    pub(super) fn read(
        company_id: u16,
        body: &[u8],
        after: &[u8],
        mode: Mode,
    ) -> Result<Self, Refusal> {
        let (id, rest) = body.split_first_chunk().ok_or(Refusal::AltBeaconLength)?;
        let (power, reserved) = match (rest, mode) {
            ([power, reserved], _) => (*power, Some(*reserved)),
            ([power], Mode::Lenient) => (*power, after.first().copied()),
            _ => return Err(Refusal::AltBeaconLength),
        };
        let power = UncheckedPower(i8::from_be_bytes([power]));
        Ok(Self { company_id, id: *id, power, reserved })
    }

    /// The id as most beacons divide it: UUID, then two big-endian numbers.
    pub fn parts(&self) -> (Uuid, u16, u16) {
        let [uuid @ .., a, b, c, d] = self.id;
        (Uuid::from_bytes(uuid), u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]))
    }

    /// The manufacturer data after the company id, for platforms that take it apart. A missing
    /// reserved byte is written as 0.
    pub fn manufacturer_data(&self) -> [u8; 24] {
        let mut data = [0; 24];
        let fields = [0xbe, 0xac]
            .into_iter()
            .chain(self.id)
            .chain(self.power.0.to_be_bytes())
            .chain(self.reserved);
        data.iter_mut().zip(fields).for_each(|(to, from)| *to = from);
        data
    }

    /// The whole advertisement: flags (general discoverable, no classic Bluetooth), then the data.
    pub fn advert(&self) -> Vec<u8> {
        let mut advert = vec![0x02, 0x01, 0x06, 0x1b, 0xff];
        advert.extend_from_slice(&self.company_id.to_le_bytes());
        advert.extend_from_slice(&self.manufacturer_data());
        advert
    }
}
