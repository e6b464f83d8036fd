//! Encrypted telemetry: AES-EAX with the identity key, nonce = start of the window and salt, tag
//! cut to two bytes (Eddystone-TLM, "encrypted TLM"). The `eax` crate takes only nonces of 16
//! bytes, so the mode is put together here from CMAC and one AES block: twelve bytes need no more.

use super::IdentityKey;
use super::identity::window_start;
use crate::frame::{EddystoneTlm, EncryptedTlm};
use aes::Aes128;
use cmac::{Cmac, KeyInit, Mac};

/// Encrypts telemetry as a beacon does whose clock shows `beacon_time_s`.
pub fn seal_tlm(
    key: &IdentityKey,
    beacon_time_s: u32,
    exponent: u8,
    salt: [u8; 2],
    tlm: &EddystoneTlm,
) -> EncryptedTlm {
    let nonce = nonce_tag(key, beacon_time_s, exponent, salt);
    let cipher = keystream_applied(key, &nonce, tlm.fields());
    EncryptedTlm { cipher, salt, mic: mic(key, &nonce, &cipher) }
}

/// Decrypts telemetry; `None` if the check value is wrong. Two bytes of it stop noise, not an
/// attacker, who is right once in 65,536 frames.
pub fn open_tlm(
    key: &IdentityKey,
    beacon_time_s: u32,
    exponent: u8,
    sealed: &EncryptedTlm,
) -> Option<EddystoneTlm> {
    let nonce = nonce_tag(key, beacon_time_s, exponent, sealed.salt);
    (mic(key, &nonce, &sealed.cipher) == sealed.mic)
        .then(|| EddystoneTlm::from_fields(&keystream_applied(key, &nonce, sealed.cipher)))
}

fn nonce_tag(key: &IdentityKey, beacon_time_s: u32, exponent: u8, salt: [u8; 2]) -> [u8; 16] {
    let start = window_start(beacon_time_s, exponent.min(super::MAX_EXPONENT)).to_be_bytes();
    omac(key, 0, &[&start[..], &salt].concat())
}

fn keystream_applied(key: &IdentityKey, nonce: &[u8; 16], mut data: [u8; 12]) -> [u8; 12] {
    let keystream = key.encrypt(*nonce);
    data.iter_mut().zip(keystream).for_each(|(byte, mask)| *byte ^= mask);
    data
}

fn mic(key: &IdentityKey, nonce: &[u8; 16], cipher: &[u8]) -> [u8; 2] {
    let ([n0, n1, ..], [h0, h1, ..], [c0, c1, ..]) =
        (*nonce, omac(key, 1, &[]), omac(key, 2, cipher));
    [n0 ^ h0 ^ c0, n1 ^ h1 ^ c1]
}

/// EAX's tweaked CMAC: the number fills the first block.
fn omac(key: &IdentityKey, number: u8, data: &[u8]) -> [u8; 16] {
    let mut mac = Cmac::<Aes128>::new(&key.0.into());
    mac.update(&[0; 15]);
    mac.update(&[number]);
    mac.update(data);
    mac.finalize().into_bytes().into()
}
