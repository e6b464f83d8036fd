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
mod jpqr;
mod networks;
mod payee;
mod profile;
mod tlv;
mod write;

pub use amount::{AmountError, minor_units};
pub use breach::{Breach, Place};
pub use claim::{Register, StoreClaim, StoreId};
pub use code::{Account, AccountBody, Initiation, MerchantCode, Template, Unreserved};
pub use crc::{Crc, crc16};
pub use jpqr::{JPQR_GUID, Jpqr, JpqrBreach};
pub use networks::scheme;
pub use payee::Payee;
pub use profile::{Profile, Proxy};
pub use tlv::{LengthUnit, MAX_TEXT, Object, TlvError, objects};
pub use write::{WriteError, Writer};

use crc::HEADER;

/// The id of a data object, 0 to 99. `Display` writes two digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub u8);

impl Tag {
    /// Payload format indicator.
    pub const PAYLOAD_FORMAT: Self = Self(0);
    /// Point of initiation method.
    pub const INITIATION: Self = Self(1);
    /// Merchant category code, ISO 18245.
    pub const MCC: Self = Self(52);
    /// Transaction currency, ISO 4217 number.
    pub const CURRENCY: Self = Self(53);
    /// Transaction amount.
    pub const AMOUNT: Self = Self(54);
    /// Tip or convenience indicator.
    pub const TIP: Self = Self(55);
    /// Value of convenience fee, fixed.
    pub const FEE_FIXED: Self = Self(56);
    /// Value of convenience fee, percentage.
    pub const FEE_PERCENT: Self = Self(57);
    /// Country code, ISO 3166-1 alpha 2.
    pub const COUNTRY: Self = Self(58);
    /// Merchant name.
    pub const NAME: Self = Self(59);
    /// Merchant city.
    pub const CITY: Self = Self(60);
    /// Postal code.
    pub const POSTAL_CODE: Self = Self(61);
    /// Additional data field template.
    pub const ADDITIONAL: Self = Self(62);
    /// CRC.
    pub const CRC: Self = Self(63);
    /// Merchant information, language template.
    pub const LANGUAGE: Self = Self(64);

    /// Merchant account information: 02 to 51.
    pub fn is_account(self) -> bool {
        (2..=51).contains(&self.0)
    }

    /// Merchant account information in a template: 26 to 51.
    pub fn is_account_template(self) -> bool {
        (26..=51).contains(&self.0)
    }

    /// Merchant account information that EMVCo keeps for itself: 06 to 08 and 17 to 25.
    pub fn is_reserved_account(self) -> bool {
        matches!(self.0, 6..=8 | 17..=25)
    }

    /// Unreserved templates: 80 to 99.
    pub fn is_unreserved(self) -> bool {
        (80..=99).contains(&self.0)
    }
}

impl std::fmt::Display for Tag {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:02}", self.0)
    }
}

/// Whether a code may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Well formed, and the checksum is right.
    Accept,
    /// The checksum is right and the code is unambiguous, but it breaks rules that real schemes
    /// break too.
    Lenient,
    /// Not data objects, damaged or ambiguous: it must never lead to a payment.
    Reject,
}

/// What was read from a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<'a> {
    /// The checksum at the end of the text.
    pub crc: Crc<'a>,
    /// The code, or where the text stops being data objects.
    pub code: Result<MerchantCode<'a>, TlvError>,
    /// What the code does against the specification.
    pub breaches: Vec<Breach>,
}

/// Reads a text as a merchant-presented code.
pub fn read(text: &str) -> Reading<'_> {
    let code = MerchantCode::of(text);
    let (crc, breaches) = match &code {
        Err(TlvError::TooLong { .. }) => (Crc::default(), Vec::new()),
        Err(_) => (Crc::of(text), Vec::new()),
        Ok(code) => (Crc::of(text), check::breaches(text, code)),
    };
    Reading { crc, code, breaches }
}

impl Reading<'_> {
    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        if self.code.is_err()
            || !self.crc.is_valid()
            || self.breaches.iter().any(|breach| breach.is_ambiguous())
        {
            Verdict::Reject
        } else if self.breaches.is_empty() {
            Verdict::Accept
        } else {
            Verdict::Lenient
        }
    }
}
