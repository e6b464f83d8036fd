//! The Tillsight store code: a record of one store, signed with Ed25519.
//!
//! A *static* code is printed and hangs on the counter. A *payment* code is shown on a screen and
//! adds an amount and a life of seconds. Both have a compact text (`TS1:` and base45) and a link in
//! capital letters that any camera opens; either fits the alphanumeric mode of QR codes.
//!
//! A signature alone does not stop a genuine code from being copied to another counter. The record
//! therefore signs where the store is, and [`SignedStoreCode::verify`] compares that with the
//! phone's own position.
//!
//! ```
//! use signs::store_code::{
//!     AcceptedBits, Days, KeySet, Place, PublicKey, SignedStoreCode, SigningKey, StoreCode, sign,
//! };
//!
//! let register_key = SigningKey::from_bytes(&[7; 32]);
//! let code = StoreCode {
//!     store: uuid::Uuid::from_u128(42),
//!     valid: Days { not_before: 20_000, not_after: 20_365 },
//!     place: Place { lat_e7: 356_812_360, lon_e7: 1_397_671_250, radius_m: 40 },
//!     accepted: AcceptedBits::of(["visa", "suica", "paypay"]).unwrap(),
//!     payment: None,
//! };
//! let printed = sign(&code, &register_key)?.to_url();
//!
//! let keys = KeySet::from_iter([PublicKey::active(register_key.verifying_key())]);
//! let scanned = SignedStoreCode::read(&printed)?;
//! let now = 20_100 * 86_400;
//! let proof = scanned.verify(&keys, now, Some((35.6813, 139.7672, 12.0)));
//! assert!(proof.stands());
//! # Ok::<(), signs::store_code::StoreCodeError>(())
//! ```

mod accepted;
mod keys;
mod proof;
mod record;
mod text;

pub use accepted::{AcceptedBits, SCHEMES};
pub use ed25519_dalek::{SigningKey, VerifyingKey};
pub use keys::{KeyId, KeySet, KeyState, PublicKey};
pub use proof::{
    CLOCK_SKEW_S, PlaceProof, Proof, REFUSED_BEYOND_M, SignatureProof, TimeProof, distance_m,
};
pub use record::{
    Days, MAX_LIFE_S, MAX_VALID_DAYS, PaymentRequest, Place, SignedStoreCode, StoreCode, sign,
};
pub use text::{TEXT_PREFIX, URL_PREFIX};

/// Why a text is no store code, or a record cannot be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StoreCodeError {
    /// Neither [`TEXT_PREFIX`] nor [`URL_PREFIX`] begins the text.
    #[error("not a store code")]
    Prefix,
    /// What follows the prefix is not base45 or base32 of the right alphabet.
    #[error("the text after the prefix is not well encoded")]
    Encoding,
    /// The first byte names a version or type this reader does not know.
    #[error("unknown version or type {0:#04x}")]
    Version(u8),
    /// The record is longer or shorter than its type.
    #[error("the record has {0} bytes, which is not the length of its type")]
    Length(usize),
    /// Latitude or longitude lies outside the globe.
    #[error("the position is outside the globe")]
    Place,
    /// The days run backwards or last longer than [`MAX_VALID_DAYS`].
    #[error("the days of validity run backwards or too long")]
    Days,
    /// The amount is not above zero, or the currency is not a three-digit ISO 4217 number.
    #[error("the amount is not above zero or the currency is no ISO 4217 number")]
    Amount,
    /// The life is zero or longer than [`MAX_LIFE_S`].
    #[error("the seconds of life are zero or too many")]
    Life,
}
