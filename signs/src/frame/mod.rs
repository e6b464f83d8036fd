//! Frames of store beacons in Bluetooth LE advertisements: iBeacon, AltBeacon and Eddystone.
//!
//! Platforms hand over an advertisement in different forms; each has its reader:
//! [`read_advert`] for the structures as received, [`read_android_record`] for Android's 62-byte
//! scan record, [`read_manufacturer_data`] and [`read_service_data`] for one value that the
//! platform has already taken out.
//!
//! Nothing is searched for by its bytes: a frame counts only where its format says it lies, so
//! the same bytes inside another maker's data are not a beacon. Reading never allocates, so the
//! many foreign advertisements of a street cost little.
//!
//! A frame that reads well may still be unusable: its power may be no measurement
//! ([`UncheckedPower`]) and its identity all zero ([`Frame::is_unset`]). And a frame proves
//! nothing: whoever hears it can send it elsewhere. See [`crate::eid`] for ids that rotate.
//!
//! ```
//! use signs::frame::{Frame, IBeacon, Mode, read_advert};
//!
//! let beacon = IBeacon { uuid: uuid::Uuid::from_u128(7), major: 12, minor: 3, power: (-59).into() };
//! let heard = beacon.advert();
//! assert_eq!(read_advert(&heard, Mode::Strict).frame, Ok(Frame::IBeacon(beacon)));
//! ```

mod altbeacon;
mod eddystone;
mod eddystone_url;
mod ibeacon;
mod power;
mod structures;
mod telemetry;

pub use altbeacon::AltBeacon;
pub use eddystone::{EDDYSTONE_SERVICE, EddystoneEid, EddystoneUid};
pub use eddystone_url::EddystoneUrl;
pub use ibeacon::{APPLE, IBeacon};
pub use power::{POWER_0M_TO_1M_DB, UncheckedPower};
pub use structures::{Structure, Structures};
pub use telemetry::{EddystoneTlm, EncryptedTlm};

/// How strictly a frame must keep its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// A frame has exactly the length of its format and lies within its structure.
    #[default]
    Strict,
    /// Two faults seen in the field are forgiven: an AltBeacon whose structure ends before the
    /// manufacturer's reserved byte, and an encrypted TLM whose structure ends before salt and
    /// check value. An identity is never read from beyond its structure.
    Lenient,
}

/// A store beacon's frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame<'a> {
    /// Apple's iBeacon.
    IBeacon(IBeacon),
    /// AltBeacon.
    AltBeacon(AltBeacon),
    /// Eddystone-UID: a fixed identity.
    EddystoneUid(EddystoneUid),
    /// Eddystone-URL: a link, which must never be opened by itself.
    EddystoneUrl(EddystoneUrl<'a>),
    /// Eddystone-TLM: the beacon's own health, without an identity.
    EddystoneTlm(EddystoneTlm),
    /// Eddystone-TLM, encrypted.
    EncryptedTlm(EncryptedTlm),
    /// Eddystone-EID: an identity that rotates.
    EddystoneEid(EddystoneEid),
}

impl Frame<'_> {
    /// The power at one metre, if the frame has one that can be a measurement.
    pub fn power_1m_dbm(&self) -> Option<i8> {
        match self {
            Self::IBeacon(beacon) => beacon.power.at_1m_dbm(),
            Self::AltBeacon(beacon) => beacon.power.at_1m_dbm(),
            Self::EddystoneUid(frame) => frame.power.at_1m_from_0m_dbm(),
            Self::EddystoneUrl(frame) => frame.power.at_1m_from_0m_dbm(),
            Self::EddystoneEid(frame) => frame.power.at_1m_from_0m_dbm(),
            Self::EddystoneTlm(_) | Self::EncryptedTlm(_) => None,
        }
    }

    /// Whether the identity is all zero, as beacons leave the factory. Such a frame must never be
    /// matched to a store.
    pub fn is_unset(&self) -> bool {
        match self {
            Self::IBeacon(beacon) => beacon.uuid.is_nil(),
            Self::AltBeacon(beacon) => beacon.id == [0; 20],
            Self::EddystoneUid(frame) => frame.namespace == [0; 10] && frame.instance == [0; 6],
            Self::EddystoneEid(frame) => frame.eid == [0; 8],
            Self::EddystoneUrl(_) | Self::EddystoneTlm(_) | Self::EncryptedTlm(_) => false,
        }
    }
}

/// Why no frame was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A foreign advertisement: none of its structures claims to be a format of this crate.
    #[error("no known format")]
    NoKnownFormat,
    /// As `NoKnownFormat`, and a structure runs past the end.
    #[error("a structure runs past the end")]
    AdLengthOverrun,
    /// Manufacturer data without a whole company id.
    #[error("manufacturer data without a whole company id")]
    ManufacturerDataShort,
    /// Service data without a whole 16-bit service UUID.
    #[error("service data without a whole service UUID")]
    ServiceDataShort,
    /// An iBeacon that is not 23 bytes long.
    #[error("iBeacon of a wrong length")]
    IBeaconLength,
    /// An AltBeacon that is not 24 bytes long.
    #[error("AltBeacon of a wrong length")]
    AltBeaconLength,
    /// Eddystone service data without a frame.
    #[error("Eddystone service data without a frame")]
    EmptyFrame,
    /// An Eddystone frame type that does not exist, or reserved bits that are set.
    #[error("unknown Eddystone frame type")]
    FrameType,
    /// A UID frame that is neither 20 nor (legacy) 18 bytes long.
    #[error("Eddystone-UID of a wrong length")]
    UidLength,
    /// A URL frame that is not 4 to 20 bytes long.
    #[error("Eddystone-URL of a wrong length")]
    UrlLength,
    /// A URL frame with a reserved byte.
    #[error("Eddystone-URL with a reserved byte")]
    UrlEncoding,
    /// A plain TLM frame that is not 14 bytes long.
    #[error("Eddystone-TLM of a wrong length")]
    TlmLength,
    /// A TLM frame of an unknown version.
    #[error("Eddystone-TLM of an unknown version")]
    TlmVersion,
    /// An encrypted TLM frame that is not 18 bytes long.
    #[error("encrypted Eddystone-TLM of a wrong length")]
    EtlmLength,
    /// An EID frame that is not 10 bytes long.
    #[error("Eddystone-EID of a wrong length")]
    EidLength,
}

/// What was read from one advertisement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading<'a> {
    /// The first frame, or why there is none.
    pub frame: Result<Frame<'a>, Refusal>,
    /// Whether a structure ran past the end; those before it stay valid.
    pub overrun: bool,
}

/// Reads an advertisement's structures as received.
pub fn read_advert(advert: &[u8], mode: Mode) -> Reading<'_> {
    let mut first_refusal = None;
    let mut structures = Structures::of(advert);
    for structure in structures.by_ref() {
        match read_structure(&structure, mode) {
            Ok(frame) => {
                // The rest is walked all the same, to tell whether it is well formed.
                structures.by_ref().for_each(drop);
                return Reading { frame: Ok(frame), overrun: structures.overran() };
            }
            Err(Refusal::NoKnownFormat) => {}
            Err(refusal) => first_refusal = first_refusal.or(Some(refusal)),
        }
    }
    let overrun = structures.overran();
    let foreign = if overrun { Refusal::AdLengthOverrun } else { Refusal::NoKnownFormat };
    Reading { frame: Err(first_refusal.unwrap_or(foreign)), overrun }
}

/// Bytes of the advertisement in Android's scan record; the scan response follows.
const ANDROID_ADVERT_LEN: usize = 31;

/// Reads Android's scan record, in which the advertisement is padded to 31 bytes and the scan
/// response follows. Each is walked by itself, since padding ends a walk.
pub fn read_android_record(record: &[u8], mode: Mode) -> Reading<'_> {
    let (advert, response) = record.split_at_checked(ANDROID_ADVERT_LEN).unwrap_or((record, &[]));
    let (first, second) = (read_advert(advert, mode), read_advert(response, mode));
    let frame = match (first.frame, second.frame) {
        (Err(_), Ok(frame)) => Ok(frame),
        (Err(Refusal::NoKnownFormat), Err(refusal)) => Err(refusal),
        (frame, _) => frame,
    };
    Reading { frame, overrun: first.overrun || second.overrun }
}

/// Reads one manufacturer data value: `data` is what follows the 16-bit company id.
pub fn read_manufacturer_data(
    company_id: u16,
    data: &[u8],
    mode: Mode,
) -> Result<Frame<'_>, Refusal> {
    manufacturer_frame(company_id, data, &[], mode)
}

/// Reads one service data value: `data` is what follows the 16-bit service UUID.
pub fn read_service_data(service_uuid: u16, data: &[u8], mode: Mode) -> Result<Frame<'_>, Refusal> {
    service_frame(service_uuid, data, &[], mode)
}

fn read_structure<'a>(structure: &Structure<'a>, mode: Mode) -> Result<Frame<'a>, Refusal> {
    match structure.ad_type {
        structures::MANUFACTURER_DATA => {
            let (company_id, data) =
                structure.data.split_first_chunk().ok_or(Refusal::ManufacturerDataShort)?;
            manufacturer_frame(u16::from_le_bytes(*company_id), data, structure.after, mode)
        }
        structures::SERVICE_DATA_16 => {
            let (uuid, data) =
                structure.data.split_first_chunk().ok_or(Refusal::ServiceDataShort)?;
            service_frame(u16::from_le_bytes(*uuid), data, structure.after, mode)
        }
        _ => Err(Refusal::NoKnownFormat),
    }
}

fn manufacturer_frame<'a>(
    company_id: u16,
    data: &'a [u8],
    after: &[u8],
    mode: Mode,
) -> Result<Frame<'a>, Refusal> {
    match data {
        [0x02, 0x15, body @ ..] if company_id == APPLE => IBeacon::read(body).map(Frame::IBeacon),
        [0xbe, 0xac, body @ ..] => {
            AltBeacon::read(company_id, body, after, mode).map(Frame::AltBeacon)
        }
        _ => Err(Refusal::NoKnownFormat),
    }
}

fn service_frame<'a>(
    service_uuid: u16,
    data: &'a [u8],
    after: &[u8],
    mode: Mode,
) -> Result<Frame<'a>, Refusal> {
    if service_uuid != EDDYSTONE_SERVICE {
        return Err(Refusal::NoKnownFormat);
    }
    eddystone::read(data, after, mode)
}
