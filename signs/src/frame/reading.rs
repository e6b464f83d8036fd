//! Advertisements in the forms that platforms hand over, read.

use super::{
    APPLE, AltBeacon, EDDYSTONE_SERVICE, EddystoneEid, EddystoneTlm, EddystoneUid, EddystoneUrl,
    EncryptedTlm, Frame, IBeacon, Mode, Refusal, Structure, Structures, android_record_parts,
    structures,
};

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

/// Reads Android's scan record, the advertisement and the scan response after it: see
/// [`android_record_parts`].
pub fn read_android_record(record: &[u8], mode: Mode) -> Reading<'_> {
    let [advert, response] = android_record_parts(record);
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
    eddystone_frame(data, after, mode)
}

fn eddystone_frame<'a>(data: &'a [u8], after: &[u8], mode: Mode) -> Result<Frame<'a>, Refusal> {
    let (frame_type, body) = data.split_first().ok_or(Refusal::EmptyFrame)?;
    match frame_type {
        0x00 => EddystoneUid::read(body).map(Frame::EddystoneUid),
        0x10 => EddystoneUrl::read(body).map(Frame::EddystoneUrl),
        0x20 => match body.split_first() {
            Some((0x00, body)) => EddystoneTlm::read(body).map(Frame::EddystoneTlm),
            Some((0x01, body)) => EncryptedTlm::read(body, after, mode).map(Frame::EncryptedTlm),
            Some(_) => Err(Refusal::TlmVersion),
            None => Err(Refusal::TlmLength),
        },
        0x30 => EddystoneEid::read(body).map(Frame::EddystoneEid),
        _ => Err(Refusal::FrameType),
    }
}
