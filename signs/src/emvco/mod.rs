//! EMVCo merchant-presented codes (EMV QRCPS, Merchant-Presented Mode, version 1.1).
//!
//! The words are the specification's: a code is *data objects*, some of which are *templates* of
//! further objects. What real codes do against it has names ([`Breach`]), and decides the
//! [`Verdict`].
//!
//! ```
//! use signs::emvco::{Tag, Verdict, read};
//!
//! let reading = read(
//!     "00020101021126490009SG.PAYNOW010120210201403121W030110408203012315204000053037025802SG\
//!      5913ACME Pte Ltd.6009Singapore6304B69E",
//! );
//! assert_eq!(reading.verdict(), Verdict::Accept);
//! let code = reading.code?;
//! assert_eq!(code.networks(), ["paynow"]);
//! assert_eq!(code.value(Tag::NAME), Some("ACME Pte Ltd."));
//! # Ok::<(), signs::emvco::TlvError>(())
//! ```

mod amount;
mod breach;
mod check;
mod claim;
mod code;
mod crc;
mod filler;
mod jpqr;
mod networks;
mod payee;
mod profile;
mod reading;
mod tag;
mod tlv;
mod write;

pub use amount::{AmountError, minor_units};
pub use breach::{Breach, ObjectPath};
pub use claim::{Register, StoreClaim, StoreId};
pub use code::{Account, AccountBody, Initiation, MerchantCode, Template, Unreserved};
pub use crc::{Crc, crc16};
pub(crate) use filler::is_filler;
pub use jpqr::{JPQR_GUID, Jpqr, JpqrBreach};
pub use networks::scheme;
pub use payee::Payee;
pub use profile::{Profile, Proxy};
pub use reading::{Reading, Verdict, read};
pub use tag::Tag;
pub use tlv::{LengthUnit, MAX_TEXT, Object, TlvError, objects};
pub use write::{WriteError, Writer};
