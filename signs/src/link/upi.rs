//! UPI links: `upi://pay?pa=…` (NPCI, UPI Linking Specification 1.6).

use super::address::decoded;
use crate::emvco::{is_filler, minor_units};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// What a UPI link asks for. Texts are decoded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpiLink {
    /// `pa`: the payee's address, `name@bank`.
    pub payee: String,
    /// `pn`: the payee's name, as the link claims it.
    pub name: Option<String>,
    /// `am`: the amount as it stands; see [`UpiLink::amount_minor`].
    pub amount: Option<String>,
    /// `cu`: the currency; only INR is in use.
    pub currency: Option<String>,
    /// `mc`: the merchant category code. 0000 is a person.
    pub mcc: Option<String>,
    /// `tr`: the merchant's reference.
    pub reference: Option<String>,
    /// Whether there is a signature (`sign`). It is not checked here: that takes NPCI's keys.
    pub signed: bool,
}

/// Why a text is no UPI payment link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UpiError {
    /// It does not begin with `upi://pay?`.
    #[error("not a UPI payment link")]
    Prefix,
    /// In the payee's address a percent escape is broken, or the text behind it is not UTF-8.
    #[error("broken percent-encoding")]
    Encoding,
    /// A parameter that is used here stands twice, so that its meaning is unknown.
    #[error("a parameter stands twice")]
    Duplicate,
    /// The payee's address is missing or has no `@`.
    #[error("no payee address")]
    Payee,
    /// The amount is not a decimal number of rupees with at most two decimals.
    #[error("amount")]
    Amount,
    /// The currency is not INR.
    #[error("currency")]
    Currency,
}

const PREFIX: &str = "upi://pay";
/// ISO 4217 number of the Indian rupee.
const INR: &str = "356";

impl UpiLink {
    /// Reads a link. All but the values may be in either case: a code in capital letters is smaller.
    pub fn read(text: &str) -> Result<Self, UpiError> {
        let (prefix, rest) = text.split_at_checked(PREFIX.len()).ok_or(UpiError::Prefix)?;
        let query = rest.strip_prefix('/').unwrap_or(rest).strip_prefix('?');
        let Some(query) = query.filter(|_| prefix.eq_ignore_ascii_case(PREFIX)) else {
            return Err(UpiError::Prefix);
        };
        let mut link = Self::default();
        let mut payee = None;
        let mut sign = None;
        for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            // Pages that escape a link twice print `&amp;` between its parameters.
            let key = key.to_ascii_lowercase();
            let key = key.strip_prefix("amp;").unwrap_or(&key);
            let field = match key {
                "pa" => &mut payee,
                "pn" => &mut link.name,
                "am" => &mut link.amount,
                "cu" => &mut link.currency,
                "mc" => &mut link.mcc,
                "tr" => &mut link.reference,
                "sign" => &mut sign,
                _ => continue,
            };
            if field.is_some() {
                return Err(UpiError::Duplicate);
            }
            *field = parameter(key, value)?;
        }
        link.signed = sign.is_some();
        link.payee = payee.filter(|payee| is_address(payee)).ok_or(UpiError::Payee)?;
        if link.currency.as_ref().is_some_and(|currency| !currency.eq_ignore_ascii_case("INR")) {
            return Err(UpiError::Currency);
        }
        if link.amount.as_ref().is_some_and(|amount| minor_units(amount, Some(INR)).is_err()) {
            return Err(UpiError::Amount);
        }
        Ok(link)
    }

    /// The amount in paise; `None` if the customer types it.
    pub fn amount_minor(&self) -> Option<i64> {
        minor_units(self.amount.as_ref()?, Some(INR)).ok()
    }
}

/// The text of a parameter; `None` if it says nothing. Only the address must be encoded without
/// fault: elsewhere a percent sign that begins no escape is one that someone typed.
fn parameter(key: &str, value: &str) -> Result<Option<String>, UpiError> {
    let text = match key {
        "pa" => decoded(value).ok_or(UpiError::Encoding)?,
        // Forms write blanks so; no name has a plus.
        "pn" => {
            percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned().into()
        }
        _ => percent_decode_str(value).decode_utf8_lossy(),
    };
    let says_nothing = match key {
        "am" => text.is_empty() || text.eq_ignore_ascii_case("null"),
        "mc" | "sign" => text.is_empty(),
        _ => is_filler(&text),
    };
    Ok((!says_nothing).then(|| Cow::into_owned(text)))
}

/// `name@bank`, both of characters that an address has.
fn is_address(payee: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b))
    };
    payee.split_once('@').is_some_and(|(name, bank)| is_part(name) && is_part(bank))
}
