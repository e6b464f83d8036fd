//! Eddystone-TLM, plain and encrypted. It has no identity: pair it by the device's address.

use super::{Mode, Refusal, eddystone};

/// The raw temperature that means *not supported*.
const NO_TEMPERATURE: i16 = i16::MIN;

/// Plain telemetry: `20 00`, then the fields in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EddystoneTlm {
    /// Battery in millivolts; 0 when powered from outside.
    pub battery_mv: u16,
    /// Temperature in 1/256 °C; see [`EddystoneTlm::temperature_c`].
    pub temperature_raw: i16,
    /// Advertisements sent since power-on.
    pub adverts: u32,
    /// Time since power-on, in tenths of a second.
    pub uptime_ds: u32,
}

impl EddystoneTlm {
    /// What follows frame type and version.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        Ok(Self::from_fields(body.try_into().map_err(|_| Refusal::TlmLength)?))
    }

    /// From the 12 bytes that the encrypted form hides.
    pub fn from_fields(fields: &[u8; 12]) -> Self {
        let [b0, b1, t0, t1, a0, a1, a2, a3, u0, u1, u2, u3] = *fields;
        Self {
            battery_mv: u16::from_be_bytes([b0, b1]),
            temperature_raw: i16::from_be_bytes([t0, t1]),
            adverts: u32::from_be_bytes([a0, a1, a2, a3]),
            uptime_ds: u32::from_be_bytes([u0, u1, u2, u3]),
        }
    }

    /// The 12 bytes that the encrypted form hides.
    pub fn fields(&self) -> [u8; 12] {
        let ([b0, b1], [t0, t1]) =
            (self.battery_mv.to_be_bytes(), self.temperature_raw.to_be_bytes());
        let ([a0, a1, a2, a3], [u0, u1, u2, u3]) =
            (self.adverts.to_be_bytes(), self.uptime_ds.to_be_bytes());
        [b0, b1, t0, t1, a0, a1, a2, a3, u0, u1, u2, u3]
    }

    /// Temperature in °C, `None` if the beacon has no sensor.
    pub fn temperature_c(&self) -> Option<f64> {
        (self.temperature_raw != NO_TEMPERATURE).then(|| f64::from(self.temperature_raw) / 256.0)
    }

    /// The service data after the service UUID.
    pub fn service_data(&self) -> Vec<u8> {
        [&[0x20, 0x00][..], &self.fields()].concat()
    }

    /// The whole advertisement.
    pub fn advert(&self) -> Vec<u8> {
        eddystone::advert(&self.service_data())
    }
}

/// Encrypted telemetry: `20 01`, cipher text 12, salt 2, check value 2. See
/// [`crate::eid::open_tlm`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncryptedTlm {
    /// The encrypted fields.
    pub cipher: [u8; 12],
    /// Drawn at random by the beacon.
    pub salt: [u8; 2],
    /// The first two bytes of the EAX tag.
    pub mic: [u8; 2],
}

impl EncryptedTlm {
    /// What follows frame type and version.
    pub(super) fn read(body: &[u8], after: &[u8], mode: Mode) -> Result<Self, Refusal> {
        let (cipher, rest) = body.split_first_chunk().ok_or(Refusal::EtlmLength)?;
        let [s0, s1, m0, m1] = match (rest, after, mode) {
            ([s0, s1, m0, m1], _, _) => [*s0, *s1, *m0, *m1],
            ([], [s0, s1, m0, m1, ..], Mode::Lenient) => [*s0, *s1, *m0, *m1],
            _ => return Err(Refusal::EtlmLength),
        };
        Ok(Self { cipher: *cipher, salt: [s0, s1], mic: [m0, m1] })
    }

    /// The service data after the service UUID.
    pub fn service_data(&self) -> Vec<u8> {
        [&[0x20, 0x01][..], &self.cipher, &self.salt, &self.mic].concat()
    }

    /// The whole advertisement.
    pub fn advert(&self) -> Vec<u8> {
        eddystone::advert(&self.service_data())
    }
}
