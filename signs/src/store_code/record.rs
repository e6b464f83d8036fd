//! The record and its bytes.
//!
//! | field | bytes |
//! | --- | --- |
//! | version (high four bits, 1 or 2) and type (low four: 1 static, 2 payment) | 1 |
//! | key id | 4 |
//! | store id, a UUID | 16 |
//! | not before, not after: days since 1970-01-01 | 2 + 2 |
//! | latitude, longitude in 1e-7 degrees | 4 + 4 |
//! | radius in metres | 1 |
//! | accepted bits: version 1 | 4 |
//! | accepted bits: version 2, their number of bytes (5 to 16) and as many | 1 + 5 to 16 |
//! | payment only: amount in minor units, ISO 4217 number | 8 + 2 |
//! | payment only: nonce, issued at (seconds since 1970), seconds of life | 8 + 4 + 2 |
//! | Ed25519 signature | 64 |
//!
//! Numbers are big-endian; every other field has a fixed length. A record is written in the first
//! version that has room for its accepted bits, so that every reader reads what it can know; the
//! first version is read for ever. A record has one form: bytes of version 2 that begin with a zero,
//! or would fit version 1, are refused.

use super::{AcceptedBits, KeyId, StoreCodeError};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use uuid::Uuid;

/// The longest validity of a record, in days: a printed code must be renewed every two years.
pub const MAX_VALID_DAYS: u16 = 731;
/// The longest life of a payment code, in seconds.
pub const MAX_LIFE_S: u16 = 300;

const STATIC: u8 = 1;
const PAYMENT: u8 = 2;
const FIRST: u8 = 0x10;
const GROWING: u8 = 0x20;
/// Bytes of the longest record: a payment's with every bit in use.
const MAX_LEN: usize = 38 - 4 + 1 + 16 + 24;
/// Bytes of accepted bits in version 1.
const FIRST_ACCEPTED: usize = 4;
/// Signed before the record, so that a signature made for anything else is never one for a code.
const CONTEXT: &[u8] = b"tillsight store code\0";

/// What a store code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreCode {
    /// The store's id in the register.
    pub store: Uuid,
    /// The days on which the code may be used.
    pub valid: Days,
    /// Where the code hangs.
    pub place: Circle,
    /// What the store takes.
    pub accepted: AcceptedBits,
    /// Present in a code made for one payment.
    pub payment: Option<PaymentRequest>,
}

/// A range of days since 1970-01-01 in UTC, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub not_before: u16,
    /// The last day.
    pub not_after: u16,
}

/// A circle on the globe (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circle {
    /// Latitude in 1e-7 degrees, north positive.
    pub lat_e7: i32,
    /// Longitude in 1e-7 degrees, east positive.
    pub lon_e7: i32,
    /// How far from the point the code may be read, in metres.
    pub radius_m: u8,
}

/// What a code for one payment adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentRequest {
    /// Amount in minor units of the currency, above zero.
    pub amount_minor: i64,
    /// Currency, the number of ISO 4217 (392 = JPY).
    pub currency: u16,
    /// Drawn at random for each payment, so that none is paid twice.
    pub nonce: [u8; 8],
    /// When the code was made, in seconds since 1970-01-01 UTC.
    pub issued_at: u32,
    /// How many seconds it may be used, 1 to [`MAX_LIFE_S`].
    pub life_s: u16,
}

/// A store code with its signature, as read or as written. Reading proves nothing: see
/// [`SignedStoreCode::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedStoreCode {
    code: StoreCode,
    key_id: KeyId,
    signature: Signature,
}

/// Signs a store code. Fails if a field is out of its range.
pub fn sign(code: &StoreCode, key: &SigningKey) -> Result<SignedStoreCode, StoreCodeError> {
    code.check()?;
    let key_id = KeyId::of(&key.verifying_key());
    let signature = key.sign(&signed_bytes(code, key_id));
    Ok(SignedStoreCode { code: *code, key_id, signature })
}

impl StoreCode {
    fn check(&self) -> Result<(), StoreCodeError> {
        let Days { not_before, not_after } = self.valid;
        if not_after.checked_sub(not_before).is_none_or(|days| days > MAX_VALID_DAYS) {
            return Err(StoreCodeError::Days);
        }
        if self.place.lat_e7.unsigned_abs() > 900_000_000
            || self.place.lon_e7.unsigned_abs() > 1_800_000_000
        {
            return Err(StoreCodeError::Place);
        }
        let Some(payment) = self.payment else { return Ok(()) };
        if payment.amount_minor <= 0 || !(1..=999).contains(&payment.currency) {
            return Err(StoreCodeError::Amount);
        }
        if !(1..=MAX_LIFE_S).contains(&payment.life_s) {
            return Err(StoreCodeError::Life);
        }
        Ok(())
    }
}

impl SignedStoreCode {
    /// What the code says. Believe it only after [`SignedStoreCode::verify`].
    pub fn unverified(&self) -> &StoreCode {
        &self.code
    }

    /// The id of the key that claims to have signed.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The record's bytes, signature last.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = record_bytes(&self.code, self.key_id);
        bytes.extend_from_slice(&self.signature.to_bytes());
        bytes
    }

    /// Reads the record's bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoreCodeError> {
        let wrong_length = StoreCodeError::Length(bytes.len());
        let (record, signature) = bytes.split_last_chunk::<64>().ok_or(wrong_length)?;
        let (kind, mut rest) = record.split_first().ok_or(wrong_length)?;
        if !matches!(kind & 0xf0, FIRST | GROWING) || !matches!(kind & 0x0f, STATIC | PAYMENT) {
            return Err(StoreCodeError::Version(*kind));
        }
        let read = read_record(&mut rest, *kind).ok_or(wrong_length)?;
        let (key_id, code) = if rest.is_empty() { read } else { return Err(wrong_length) };
        code.check()?;
        Ok(Self { code, key_id, signature: Signature::from_bytes(signature) })
    }

    pub(super) fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        key.verify_strict(&signed_bytes(&self.code, self.key_id), &self.signature).is_ok()
    }
}

fn signed_bytes(code: &StoreCode, key_id: KeyId) -> Vec<u8> {
    [CONTEXT, &record_bytes(code, key_id)].concat()
}

fn record_bytes(code: &StoreCode, key_id: KeyId) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(MAX_LEN + 64);
    let version = if code.accepted.fits_first_version() { FIRST } else { GROWING };
    bytes.push(version | if code.payment.is_some() { PAYMENT } else { STATIC });
    bytes.extend_from_slice(&key_id.0);
    bytes.extend_from_slice(code.store.as_bytes());
    bytes.extend_from_slice(&code.valid.not_before.to_be_bytes());
    bytes.extend_from_slice(&code.valid.not_after.to_be_bytes());
    bytes.extend_from_slice(&code.place.lat_e7.to_be_bytes());
    bytes.extend_from_slice(&code.place.lon_e7.to_be_bytes());
    bytes.push(code.place.radius_m);
    put_accepted(&mut bytes, code.accepted);
    if let Some(payment) = code.payment {
        bytes.extend_from_slice(&payment.amount_minor.to_be_bytes());
        bytes.extend_from_slice(&payment.currency.to_be_bytes());
        bytes.extend_from_slice(&payment.nonce);
        bytes.extend_from_slice(&payment.issued_at.to_be_bytes());
        bytes.extend_from_slice(&payment.life_s.to_be_bytes());
    }
    bytes
}

fn put_accepted(bytes: &mut Vec<u8>, accepted: AcceptedBits) {
    let bits = accepted.0.to_be_bytes();
    let zeros = bits.iter().take_while(|byte| **byte == 0).count();
    if accepted.fits_first_version() {
        bytes.extend(bits.iter().skip(bits.len() - FIRST_ACCEPTED));
    } else {
        bytes.push((bits.len() - zeros) as u8);
        bytes.extend(bits.iter().skip(zeros));
    }
}

fn take_accepted(rest: &mut &[u8], version: u8) -> Option<AcceptedBits> {
    if version == FIRST {
        return Some(AcceptedBits(u32::from_be_bytes(take(rest)?).into()));
    }
    let [count] = take(rest)?;
    let (bytes, after) = rest.split_at_checked(count.into())?;
    let has_one_form =
        bytes.len() > FIRST_ACCEPTED && bytes.len() <= 16 && bytes.first() != Some(&0);
    *rest = after;
    let bits = bytes.iter().fold(0, |bits, byte| bits << 8 | u128::from(*byte));
    has_one_form.then_some(AcceptedBits(bits))
}

fn read_record(rest: &mut &[u8], kind: u8) -> Option<(KeyId, StoreCode)> {
    let key_id = KeyId(take(rest)?);
    let mut code = StoreCode {
        store: Uuid::from_bytes(take(rest)?),
        valid: Days {
            not_before: u16::from_be_bytes(take(rest)?),
            not_after: u16::from_be_bytes(take(rest)?),
        },
        place: Circle {
            lat_e7: i32::from_be_bytes(take(rest)?),
            lon_e7: i32::from_be_bytes(take(rest)?),
            radius_m: u8::from_be_bytes(take(rest)?),
        },
        accepted: take_accepted(rest, kind & 0xf0)?,
        payment: None,
    };
    if kind & 0x0f == PAYMENT {
        code.payment = Some(PaymentRequest {
            amount_minor: i64::from_be_bytes(take(rest)?),
            currency: u16::from_be_bytes(take(rest)?),
            nonce: take(rest)?,
            issued_at: u32::from_be_bytes(take(rest)?),
            life_s: u16::from_be_bytes(take(rest)?),
        });
    }
    Some((key_id, code))
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}
