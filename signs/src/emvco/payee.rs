//! Whose account a code pays into, as far as the code itself tells: a code pasted over a store's
//! often leads to a person.

use super::{Account, AccountBody, MerchantCode, Tag};

/// Whose account a code pays into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Payee {
    /// The code does not tell.
    Unclear,
    /// A merchant's account, by the rules of its scheme.
    Merchant,
    /// A person's account, by the rules of its scheme. On a store's counter that is a warning.
    Person,
}

impl MerchantCode<'_> {
    /// Whose account the code pays into. One person's account among several is enough to say so.
    pub fn payee(&self) -> Payee {
        let mcc = self.value(Tag::MCC);
        let said = self.accounts().iter().map(|account| account.payee(mcc)).max();
        match said.unwrap_or(Payee::Unclear) {
            Payee::Unclear if is_merchant_category(mcc) => Payee::Merchant,
            said => said,
        }
    }
}

impl Account<'_> {
    /// Whose account this is, by the rules of its scheme; `mcc` is the code's category.
    fn payee(&self, mcc: Option<&str>) -> Payee {
        match (self.network, &self.body) {
            // A card network's value is a merchant's number by definition.
            (Some(_), AccountBody::Primitive) => Payee::Merchant,
            (Some("paynow"), _) => by_proxy(self.sub(1), &["0", "1"], &["2"]),
            (Some("promptpay"), _) => self.promptpay_payee(),
            (Some("pix"), _) => self.sub(1).map_or(Payee::Unclear, pix_payee),
            (Some("qrph"), _) if self.has_guid("com.p2pqrpay") => Payee::Person,
            // Object 40 is a transfer between persons.
            (Some("qris"), _) if self.tag == Tag(40) => Payee::Person,
            (Some("khqr"), _) if self.tag == Tag(29) => Payee::Person,
            (Some("upi"), _) if self.tag == Tag(26) && mcc == Some("0000") => Payee::Person,
            (Some("fps-hk"), _) if self.sub(3).is_some() => Payee::Person,
            (Some("qrph" | "qris" | "khqr" | "jpqr" | "lankaqr"), _) => Payee::Merchant,
            _ => Payee::Unclear,
        }
    }

    fn promptpay_payee(&self) -> Payee {
        if self.has_guid("A000000677010112") {
            return Payee::Merchant; // a biller
        }
        if !self.has_guid("A000000677010111") {
            return Payee::Unclear;
        }
        match (self.sub(1), self.sub(2)) {
            (Some(_phone), _) => Payee::Person,
            // A company's tax id begins with 0, a citizen's id with 1 to 8.
            (_, Some(id)) if id.starts_with('0') => Payee::Merchant,
            (_, Some(_citizen)) => Payee::Person,
            _ => Payee::Unclear,
        }
    }
}

fn by_proxy(kind: Option<&str>, person: &[&str], merchant: &[&str]) -> Payee {
    match kind {
        Some(kind) if person.contains(&kind) => Payee::Person,
        Some(kind) if merchant.contains(&kind) => Payee::Merchant,
        _ => Payee::Unclear,
    }
}

/// A Pix key: CPF (11 digits) and phone are a person's, CNPJ (14 digits) a company's; a mail
/// address or a random key may be anyone's.
fn pix_payee(key: &str) -> Payee {
    let is_digits = key.bytes().all(|byte| byte.is_ascii_digit());
    match key.len() {
        11 if is_digits => Payee::Person,
        14 if is_digits => Payee::Merchant,
        _ if key.starts_with('+') => Payee::Person,
        _ => Payee::Unclear,
    }
}

fn is_merchant_category(mcc: Option<&str>) -> bool {
    mcc.is_some_and(|mcc| {
        mcc.len() == 4 && mcc != "0000" && mcc.bytes().all(|byte| byte.is_ascii_digit())
    })
}
