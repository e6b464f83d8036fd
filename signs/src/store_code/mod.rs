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
//!     AcceptedBits, Days, KeySet, Circle, PublicKey, SignedStoreCode, SigningKey, StoreCode, sign,
//! };
//!
//! let register_key = SigningKey::from_bytes(&[7; 32]);
//! let code = StoreCode {
//!     store: uuid::Uuid::from_u128(42),
//!     valid: Days { not_before: 20_000, not_after: 20_365 },
//!     place: Circle { lat_e7: 356_812_360, lon_e7: 1_397_671_250, radius_m: 40 },
//!     accepted: AcceptedBits::of(["visa", "suica", "paypay"]).unwrap(),
//!     payment: None,
//! };
//! let printed = sign(&code, &register_key)?.to_url("pay.example");
//!
//! let keys = KeySet::from_iter([PublicKey::active(register_key.verifying_key())]);
//! let scanned = SignedStoreCode::read(&printed)?;
//! let now = 20_100 * 86_400;
//! let proof = scanned.verify(&keys, now, Some((35.6813, 139.7672, 12.0)));
//! assert!(proof.stands());
//! # Ok::<(), signs::store_code::StoreCodeError>(())
//! ```

mod accepted;
mod error;
mod keys;
mod proof;
mod record;
mod text;

pub use accepted::{AcceptedBits, MAX_SCHEMES, SCHEMES};
pub use ed25519_dalek::{SigningKey, VerifyingKey};
pub use error::StoreCodeError;
pub use keys::{KeyId, KeySet, KeyState, PublicKey};
pub use proof::{
    CLOCK_SKEW_S, PlaceProof, Proof, REFUSED_BEYOND_M, SignatureProof, TimeProof, distance_m,
};
pub use record::{
    Circle, Days, MAX_LIFE_S, MAX_VALID_DAYS, PaymentRequest, SignedStoreCode, StoreCode, sign,
};
pub use text::{TEXT_PREFIX, link_host};
