//! The rotating beacon's frames.

use anyhow::Context;
use domain::wire::BeaconKey;
use signs::{
    eid::{BeaconClock, IdentityKey},
    frame::{EddystoneEid, UncheckedPower},
};

/// Received strength at 0 m that the frame states, dBm: 41 more than at 1 m, where it is -59, the
/// usual value of a phone-class transmitter at 0 dBm.
const POWER_AT_0M: i8 = -18;

/// The advertisement that a rotating beacon with this key sends at `unix_s` (seconds since 1970):
/// it proves itself to be no recording.
///
/// # Errors
/// When the key is not of its form, or the time is outside the beacon's clock.
pub fn rotating_advert(key: &BeaconKey, unix_s: i64) -> anyhow::Result<Vec<u8>> {
    let digits = key.identity_key.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
    let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
    let identity = IdentityKey(bytes.context("the beacon's key is not 16 bytes in hexadecimal")?);
    let clock = BeaconClock { exponent: key.exponent, epoch_unix_s: key.epoch_unix_s };
    let time = clock.beacon_time(unix_s).context("the time is outside the beacon's clock")?;
    let eid = identity.eid(time, key.exponent);
    Ok(EddystoneEid { power: UncheckedPower(POWER_AT_0M), eid }.advert())
}
