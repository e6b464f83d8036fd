//! One entry for any scanned text: what is it?

use crate::emvco::{self, Payee, StoreClaim};
use crate::link::{Address, Gs1Error, Gs1Link, KnownLink, UpiError, UpiLink, known_link};
use crate::store_code::{SignedStoreCode, StoreCodeError, TEXT_PREFIX, link_host};

/// The longest text that is looked at, in bytes. A QR code holds at most 2,953.
pub const MAX_TEXT: usize = emvco::MAX_TEXT;

/// What a scanned text is. Only [`Sign::StoreCode`] can be proven; all else is what someone
/// printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign<'a> {
    /// A Tillsight store code, not yet verified; or a text that claims to be one.
    StoreCode(Result<Box<SignedStoreCode>, StoreCodeError>),
    /// An EMVCo merchant-presented code, with its verdict.
    Emvco(Box<emvco::Reading<'a>>),
    /// A UPI payment link.
    Upi(Result<Box<UpiLink>, UpiError>),
    /// A GS1 Digital Link to a place.
    Gs1(Result<Gs1Link<'a>, Gs1Error>),
    /// A payment link of a known scheme, which only that scheme's app may open.
    Link(KnownLink<'a>),
    /// A bank transfer in a format for banking apps.
    BankTransfer(TransferFormat),
    /// A web address of a host that is not known. It is never opened.
    ForeignLink {
        /// The host as it stands.
        host: &'a str,
    },
    /// Anything else.
    Unknown,
    /// More than [`MAX_TEXT`] bytes, not looked at.
    TooLong,
}

/// Formats of bank transfers that are recognised and left to banking apps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransferFormat {
    /// EPC069-12, "GiroCode": a SEPA credit transfer.
    Epc,
    /// The Swiss QR bill.
    SwissQr,
}

/// Says what a scanned text is. Blanks, line ends and byte order marks around it do not count.
///
/// ```
/// use signs::{Sign, read};
///
/// assert!(matches!(read("https://id.gs1.org/414/9520123456788"), Sign::Gs1(Ok(_))));
/// assert_eq!(read("https://parking.example/pay"), Sign::ForeignLink { host: "parking.example" });
/// ```
pub fn read(text: &str) -> Sign<'_> {
    if text.len() > MAX_TEXT {
        return Sign::TooLong;
    }
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.starts_with(TEXT_PREFIX) {
        Sign::StoreCode(SignedStoreCode::read(text).map(Box::new))
    } else if let Some(code) = linked_store_code(text) {
        Sign::StoreCode(Ok(Box::new(code)))
    } else if is_emvco(text) {
        Sign::Emvco(Box::new(emvco::read(text)))
    } else if starts_ignoring_case(text, "upi://") {
        Sign::Upi(UpiLink::read(text).map(Box::new))
    } else if let Some(format) = transfer_format(text) {
        Sign::BankTransfer(format)
    } else if let Some(link) = known_link(text) {
        Sign::Link(link)
    } else if Gs1Link::is_meant(text) {
        Sign::Gs1(Gs1Link::read(text))
    } else if let Ok(Address { host, .. }) = Address::read(text) {
        Sign::ForeignLink { host }
    } else {
        Sign::Unknown
    }
}

impl<'a> Sign<'a> {
    /// What an EMVCo code that is not rejected says of its store.
    pub fn claim(&self) -> Option<StoreClaim<'a>> {
        match self {
            Self::Emvco(reading) if reading.verdict() != emvco::Verdict::Reject => {
                reading.code.as_ref().ok().map(emvco::MerchantCode::claim)
            }
            _ => None,
        }
    }

    /// Whose account the sign leads to.
    pub fn payee(&self) -> Payee {
        match self {
            Self::Emvco(reading) => {
                reading.code.as_ref().map_or(Payee::Unclear, emvco::MerchantCode::payee)
            }
            Self::Upi(Ok(link)) => link.payee(),
            _ => Payee::Unclear,
        }
    }
}

impl UpiLink {
    /// Whose account the link leads to, by its category code of four digits: 0000 is a person.
    /// Links with anything else or nothing are made by persons and by small stores alike.
    pub fn payee(&self) -> Payee {
        match self.mcc.as_deref().map(str::trim) {
            Some("0000") => Payee::Person,
            Some(code) if code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit()) => {
                Payee::Merchant
            }
            _ => Payee::Unclear,
        }
    }
}

/// The store code that a link carries. Of another link of that form nothing says that it is one.
fn linked_store_code(text: &str) -> Option<SignedStoreCode> {
    link_host(text)?;
    SignedStoreCode::read(text).ok()
}

/// A code begins with its payload format indicator. One that begins with another object is known by
/// its checksum, so that it is rejected as what it is.
fn is_emvco(text: &str) -> bool {
    let starts_with_header = text
        .as_bytes()
        .first_chunk::<4>()
        .is_some_and(|start| start.iter().all(u8::is_ascii_digit));
    starts_with_header && (text.starts_with("0002") || emvco::Crc::of(text).stated.is_some())
}

fn transfer_format(text: &str) -> Option<TransferFormat> {
    let mut lines = text.lines().map(str::trim_end);
    match (lines.next()?, lines.next()?) {
        ("BCD", "001" | "002") => Some(TransferFormat::Epc),
        ("SPC", "0200") => Some(TransferFormat::SwissQr),
        _ => None,
    }
}

fn starts_ignoring_case(text: &str, prefix: &str) -> bool {
    text.split_at_checked(prefix.len()).is_some_and(|(start, _)| start.eq_ignore_ascii_case(prefix))
}
