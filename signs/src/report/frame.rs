//! Frames as JSON.

use super::{hexadecimal::bytes, rotating};
use crate::frame::*;
use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};

/// Reads one line: the hex digits of an advertisement, or a JSON object with `form` (`advert`,
/// `android62`, `service_data` with `service_uuid16`, `manufacturer_data` with `company_id`) and
/// `hex`. An object with `identity_key`, or with the keys of both sides, is computed instead.
///
/// The answer has `result` (`beacon`, `none`, `error`), and then `fields` or `reason`; `ad_error`
/// if a structure ran past the end; `ad_types` for whole advertisements. In the lenient mode the
/// fields stand beside `result` as well.
pub fn read_frame_json(line: &str, mode: Mode) -> Value {
    let line = line.trim();
    let answer = if line.starts_with('{') {
        serde_json::from_str(line).ok().and_then(|input: Value| read_object(&input, mode))
    } else {
        bytes(line).map(|advert| reading(&read_advert(&advert, mode), &[&advert], mode))
    };
    answer.unwrap_or_else(|| json!({ "result": "error", "reason": "input" }))
}

fn read_object(input: &Value, mode: Mode) -> Option<Value> {
    let input = input.get("input").unwrap_or(input);
    let text = |key| input.get(key).and_then(Value::as_str);
    if let Some(computed) = rotating::compute(input) {
        return Some(computed);
    }
    let data = bytes(text("hex")?)?;
    Some(match text("form")? {
        "advert" => reading(&read_advert(&data, mode), &[&data], mode),
        "android62" => {
            reading(&read_android_record(&data, mode), &android_record_parts(&data), mode)
        }
        "service_data" => {
            let uuid = u16::from_str_radix(text("service_uuid16")?, 16).ok()?;
            object(&read_service_data(uuid, &data, mode), mode).into()
        }
        "manufacturer_data" => {
            let company = input.get("company_id")?.as_u64()?.try_into().ok()?;
            object(&read_manufacturer_data(company, &data, mode), mode).into()
        }
        _ => return None,
    })
}

fn reading(reading: &Reading<'_>, walked: &[&[u8]], mode: Mode) -> Value {
    let mut object = object(&reading.frame, mode);
    if reading.overrun {
        object.insert("ad_error".into(), "ad_length_overrun".into());
    }
    let types = walked.iter().flat_map(|part| Structures::of(part)).map(|part| part.ad_type);
    object.insert("ad_types".into(), types.collect());
    object.into()
}

fn object(frame: &Result<Frame<'_>, Refusal>, mode: Mode) -> Map<String, Value> {
    let mut answer = Map::new();
    match frame {
        Ok(frame) => {
            let fields = fields(frame);
            if let (Mode::Lenient, Value::Object(flat)) = (mode, &fields) {
                answer.extend(flat.clone());
            }
            answer.insert("result".into(), "beacon".into());
            answer.insert("fields".into(), fields);
            answer.insert("power_1m_dbm".into(), frame.power_1m_dbm().into());
            answer.insert("unset".into(), frame.is_unset().into());
        }
        Err(refusal) => {
            answer.insert("result".into(), "none".into());
            answer.insert("reason".into(), reason(*refusal).into());
        }
    }
    answer
}

fn fields(frame: &Frame<'_>) -> Value {
    match frame {
        Frame::IBeacon(beacon) => json!({
            "format": "ibeacon",
            "company_id": APPLE,
            "uuid": beacon.uuid.to_string(),
            "major": beacon.major,
            "minor": beacon.minor,
            "measured_power_1m": beacon.power.0,
        }),
        Frame::AltBeacon(beacon) => {
            let (id1, id2, id3) = beacon.parts();
            json!({
                "format": "altbeacon",
                "company_id": beacon.company_id,
                "beacon_id": HEXLOWER.encode(&beacon.id),
                "id1": id1.to_string(),
                "id2": id2,
                "id3": id3,
                "reference_rssi_1m": beacon.power.0,
                "mfg_reserved": beacon.reserved,
            })
        }
        Frame::EddystoneUid(frame) => json!({
            "format": "eddystone-uid",
            "tx_power_0m": frame.power.0,
            "tx_power_1m": frame.power.raw_at_1m_from_0m(),
            "namespace": HEXLOWER.encode(&frame.namespace),
            "instance": HEXLOWER.encode(&frame.instance),
        }),
        Frame::EddystoneUrl(frame) => json!({
            "format": "eddystone-url",
            "tx_power_0m": frame.power.0,
            "tx_power_1m": frame.power.raw_at_1m_from_0m(),
            "url": frame.to_string(),
        }),
        Frame::EddystoneTlm(frame) => json!({
            "format": "eddystone-tlm",
            "version": 0,
            "battery_mv": frame.battery_mv,
            "temperature_raw_8_8": frame.temperature_raw,
            "temperature_c": frame.temperature_c(),
            "adv_count": frame.adverts,
            "uptime_deciseconds": frame.uptime_ds,
        }),
        Frame::EncryptedTlm(frame) => json!({
            "format": "eddystone-etlm",
            "etlm": HEXLOWER.encode(&frame.cipher),
            "salt": HEXLOWER.encode(&frame.salt),
            "mic": HEXLOWER.encode(&frame.mic),
        }),
        Frame::EddystoneEid(frame) => json!({
            "format": "eddystone-eid",
            "tx_power_0m": frame.power.0,
            "tx_power_1m": frame.power.raw_at_1m_from_0m(),
            "eid": HEXLOWER.encode(&frame.eid),
        }),
    }
}

fn reason(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NoKnownFormat => "no_known_format",
        Refusal::AdLengthOverrun => "ad_length_overrun",
        Refusal::ManufacturerDataShort => "manufacturer_data_short",
        Refusal::ServiceDataShort => "service_data_short",
        Refusal::IBeaconLength => "ibeacon_length",
        Refusal::AltBeaconLength => "altbeacon_length",
        Refusal::EmptyFrame => "empty_frame",
        Refusal::FrameType => "frame_type",
        Refusal::UidLength => "uid_length",
        Refusal::UrlLength => "url_length",
        Refusal::UrlEncoding => "url_encoding",
        Refusal::TlmLength => "tlm_length",
        Refusal::TlmVersion => "tlm_version",
        Refusal::EtlmLength => "etlm_length",
        Refusal::EidLength => "eid_length",
    }
}
