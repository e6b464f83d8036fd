//! What a code says of the store it hangs in. All of it is a claim of whoever made the code.

use super::{JPQR_GUID, MerchantCode, Tag};

/// What a code says of its store.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoreClaim<'a> {
    /// Merchant name.
    pub name: Option<&'a str>,
    /// Merchant name in the local language.
    pub local_name: Option<&'a str>,
    /// Merchant city.
    pub city: Option<&'a str>,
    /// Merchant city in the local language.
    pub local_city: Option<&'a str>,
    /// Postal code: of the code, else of its SGQR record.
    pub postal_code: Option<&'a str>,
    /// Country, two letters.
    pub country: Option<&'a str>,
    /// The ids under which registers know the store.
    pub ids: Vec<StoreId<'a>>,
}

/// An id of a store in some register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreId<'a> {
    /// Whose id it is.
    pub register: Register,
    /// The id.
    pub id: &'a str,
}

/// Whose id of a store it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Register {
    /// JPQR's unified store id, one level after the other in the order of the code.
    Jpqr,
    /// The SGQR register's record.
    Sgqr,
    /// Indonesia's national merchant id.
    QrisMerchant,
    /// The merchant id at the acquirer (QRIS, DuitNow, QR Ph, KHQR).
    Acquirer,
    /// PayNow's unique entity number.
    PayNowEntity,
    /// PromptPay's biller id.
    PromptPayBiller,
    /// LankaQR's merchant.
    LankaQr,
    /// The merchant's own label of the store (62, 03).
    StoreLabel,
    /// The merchant's own label of the terminal (62, 07).
    TerminalLabel,
}

/// GUID, object of the template, and whose id the object holds.
const IDS: [(&str, u8, Register); 12] = [
    (JPQR_GUID, 1, Register::Jpqr),
    (JPQR_GUID, 2, Register::Jpqr),
    (JPQR_GUID, 3, Register::Jpqr),
    (JPQR_GUID, 4, Register::Jpqr),
    (SGQR_GUID, 1, Register::Sgqr),
    ("ID.CO.QRIS.WWW", 2, Register::QrisMerchant),
    ("ID.OR.GPNQR.WWW", 2, Register::QrisMerchant),
    ("A0000006150001", 2, Register::Acquirer),
    ("ph.ppmi.p2m", 3, Register::Acquirer),
    ("A000000677010112", 1, Register::PromptPayBiller),
    ("SG.PAYNOW", 2, Register::PayNowEntity),
    ("hk.com.hkicl", 2, Register::Acquirer),
];

/// The SGQR register's record: 01 id, 03 postal code, 04 level, 05 unit.
const SGQR_GUID: &str = "SG.SGQR";

impl<'a> MerchantCode<'a> {
    /// What the code says of its store. `***` and `NA`, which issuers write for *nothing*, are
    /// left out.
    pub fn claim(&self) -> StoreClaim<'a> {
        let said = |value: Option<&'a str>| value.filter(|value| is_said(value));
        let local = |tag| said(self.language().and_then(|language| language.value(tag)));
        let sgqr = self.account(SGQR_GUID);
        let postal_code =
            said(self.value(Tag::POSTAL_CODE)).or_else(|| said(sgqr.and_then(|r| r.sub(3))));
        StoreClaim {
            name: said(self.value(Tag::NAME)),
            local_name: local(1),
            city: said(self.value(Tag::CITY)),
            local_city: local(2),
            postal_code,
            country: said(self.value(Tag::COUNTRY)),
            ids: self.store_ids(),
        }
    }

    fn store_ids(&self) -> Vec<StoreId<'a>> {
        let mut ids = Vec::new();
        let mut push = |register, id: Option<&'a str>| {
            if let Some(id) = id.filter(|id| is_said(id)) {
                ids.push(StoreId { register, id });
            }
        };
        for account in self.accounts() {
            let mut known = false;
            for (guid, tag, register) in IDS {
                if account.has_guid(guid) {
                    known = true;
                    // PayNow's proxy is a company's number only under proxy type 2.
                    let is_entity =
                        register != Register::PayNowEntity || account.sub(1) == Some("2");
                    push(register, account.sub(tag).filter(|_| is_entity));
                }
            }
            match account.network {
                Some("qris") if !known => push(Register::Acquirer, account.sub(2)),
                Some("khqr") if account.tag == Tag(30) => push(Register::Acquirer, account.sub(1)),
                Some("lankaqr") => {
                    push(Register::LankaQr, account.guid().or(Some(account.value)));
                }
                _ => {}
            }
        }
        let additional = |tag| self.additional().and_then(|template| template.value(tag));
        push(Register::StoreLabel, additional(3));
        push(Register::TerminalLabel, additional(7));
        ids
    }
}

/// Issuers write a mark where the specification wants a value and they have none.
fn is_said(value: &str) -> bool {
    !value.is_empty() && !matches!(value, "***" | "NA" | "-")
}
