//! Whose account a code pays into, as far as the code itself says: a code pasted over a store's
//! often leads to a person.

use super::{MerchantCode, Profile, Proxy, Tag};

/// Whose account a code pays into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Payee {
    /// The code does not say.
    Unclear,
    /// A merchant's account, by the rules of its scheme.
    Merchant,
    /// A person's account, by the rules of its scheme. On a store's counter that is a warning.
    Person,
}

impl MerchantCode<'_> {
    /// Whose account the code pays into. One person's account among several is enough to say so.
    pub fn payee(&self) -> Payee {
        let category = self.value(Tag::MCC);
        let profiles = self.accounts().iter().filter_map(|account| account.profile());
        let said = profiles.map(|profile| profile.payee(category)).max();
        match said.unwrap_or(Payee::Unclear) {
            Payee::Unclear if is_merchant_category(category) => Payee::Merchant,
            said => said,
        }
    }
}

impl Profile<'_> {
    /// Whose account this is; `category` is the code's merchant category.
    fn payee(&self, category: Option<&str>) -> Payee {
        match self {
            Self::PayNow { proxy, .. }
            | Self::PromptPay { proxy, .. }
            | Self::Fps { proxy, .. }
            | Self::Pix { key: Some((proxy, _)), .. } => proxy.payee(),
            Self::Qris { transfer: true, .. }
            | Self::Khqr { individual: true, .. }
            | Self::QrPh { individual: true, .. } => Payee::Person,
            Self::Upi { .. } if category == Some("0000") => Payee::Person,
            Self::VietQr { service: Some("QRPUSH"), .. }
            | Self::Card { .. }
            | Self::Jpqr
            | Self::PromptPayBill { .. }
            | Self::Qris { .. }
            | Self::Khqr { .. }
            | Self::QrPh { .. }
            | Self::LankaQr { .. } => Payee::Merchant,
            Self::Pix { key: None, .. }
            | Self::VietQr { .. }
            | Self::Sgqr { .. }
            | Self::DuitNow { .. }
            | Self::Upi { .. }
            | Self::UpiReference { .. } => Payee::Unclear,
        }
    }
}

impl Proxy {
    fn payee(self) -> Payee {
        match self {
            Self::Phone | Self::Person => Payee::Person,
            Self::Company => Payee::Merchant,
            Self::Mail | Self::Wallet | Self::BankAccount | Self::Key => Payee::Unclear,
        }
    }
}

fn is_merchant_category(category: Option<&str>) -> bool {
    category.is_some_and(|category| {
        category.len() == 4
            && category != "0000"
            && category.bytes().all(|byte| byte.is_ascii_digit())
    })
}
