//! Ephemeral ids as JSON, computed from the keys that a vector states.

use super::hexadecimal::bytes;
use crate::eid::{IdentityKey, agree_as_beacon, agree_as_resolver, public_key, seal_tlm};
use crate::frame::EddystoneTlm;
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

/// From `identity_key`, `rotation_exponent` and `beacon_time_seconds`: the id, or with `salt` and
/// `plain_tlm_12_bytes` the encrypted telemetry. From both sides' X25519 keys: the identity key.
pub(super) fn compute(input: &Value) -> Option<Value> {
    let text = |key| input.get(key).and_then(Value::as_str);
    if let (Some(resolver), Some(beacon)) = (text("resolver_private"), text("beacon_private")) {
        return agreement(array(resolver)?, array(beacon)?);
    }
    let key = IdentityKey(array(text("identity_key")?)?);
    let number = |key| input.get(key).and_then(Value::as_u64);
    let exponent: u8 = number("rotation_exponent")?.try_into().ok()?;
    let time: u32 = number("beacon_time_seconds")?.try_into().ok()?;
    Some(match (text("salt"), text("plain_tlm_12_bytes")) {
        (Some(salt), Some(plain)) => {
            let plain = EddystoneTlm::from_fields(&array(plain)?);
            let sealed = seal_tlm(&key, time, exponent, array(salt)?, &plain);
            json!({
                "etlm": HEXLOWER.encode(&sealed.cipher),
                "mic": HEXLOWER.encode(&sealed.mic),
                "service_data": HEXLOWER.encode(&sealed.service_data()),
            })
        }
        _ => json!({
            "temporary_key": HEXLOWER.encode(&key.temporary_key(time)),
            "quantum": time.checked_shr(exponent.into())?,
            "eid": HEXLOWER.encode(&key.eid(time, exponent)),
        }),
    })
}

fn agreement(resolver: [u8; 32], beacon: [u8; 32]) -> Option<Value> {
    let key = agree_as_resolver(resolver, public_key(beacon))?;
    (key == agree_as_beacon(beacon, public_key(resolver))?)
        .then(|| json!({ "identity_key": HEXLOWER.encode(&key.0) }))
}

fn array<const N: usize>(hex: &str) -> Option<[u8; N]> {
    bytes(hex)?.try_into().ok()
}
