//! What a code says of the store it hangs in. All of it is a claim of whoever made the code.

use super::{
    MerchantCode, Profile, Proxy, Tag,
    filler::{is_country_code, is_filler},
};

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
    /// Hong Kong's FPS identifier.
    FpsId,
    /// LankaQR's merchant.
    LankaQr,
    /// The merchant's own label of the store (62, 03).
    StoreLabel,
    /// The merchant's own label of the terminal (62, 07).
    TerminalLabel,
}

impl<'a> MerchantCode<'a> {
    /// What the code says of its store. What issuers write for *nothing* (`***`, `NA`, zeros, the
    /// country's code as city) is left out.
    pub fn claim(&self) -> StoreClaim<'a> {
        let said = |value: Option<&'a str>| value.filter(|value| !is_filler(value));
        let local = |tag| said(self.language().and_then(|language| language.value(tag)));
        let postal_code = said(self.value(Tag::POSTAL_CODE)).or_else(|| {
            let mut profiles = self.accounts().iter().filter_map(|account| account.profile());
            profiles.find_map(|profile| match profile {
                Profile::Sgqr { postal_code, .. } => said(postal_code),
                _ => None,
            })
        });
        let country = said(self.value(Tag::COUNTRY));
        let city = |city: Option<&'a str>| {
            city.filter(|city| country.is_none_or(|country| !is_country_code(city, country)))
        };
        StoreClaim {
            name: said(self.value(Tag::NAME)),
            local_name: local(1),
            city: city(said(self.value(Tag::CITY))),
            local_city: city(local(2)),
            postal_code,
            country,
            ids: self.store_ids(),
        }
    }

    fn store_ids(&self) -> Vec<StoreId<'a>> {
        let mut ids = Vec::new();
        let mut push = |register, id: Option<&'a str>| {
            if let Some(id) = id.filter(|id| is_id(id)) {
                ids.push(StoreId { register, id });
            }
        };
        for account in self.accounts() {
            match account.profile() {
                Some(Profile::Jpqr) => {
                    (1..=4).for_each(|level| push(Register::Jpqr, account.sub(level)));
                }
                Some(Profile::Sgqr { id, .. }) => push(Register::Sgqr, Some(id)),
                Some(Profile::PayNow { proxy: Proxy::Company, value, .. }) => {
                    push(Register::PayNowEntity, Some(value));
                }
                Some(Profile::PromptPayBill { biller, .. }) => {
                    push(Register::PromptPayBiller, Some(biller));
                }
                Some(Profile::Qris { merchant, national: true, .. }) => {
                    push(Register::QrisMerchant, merchant);
                }
                Some(
                    Profile::Qris { merchant, .. }
                    | Profile::DuitNow { merchant, .. }
                    | Profile::Khqr { merchant, .. }
                    | Profile::QrPh { payee: merchant, individual: false, .. },
                ) => push(Register::Acquirer, merchant),
                Some(Profile::Fps { proxy: Proxy::Key, value }) => {
                    push(Register::FpsId, Some(value));
                }
                Some(Profile::LankaQr { merchant, .. }) => push(Register::LankaQr, Some(merchant)),
                _ => {}
            }
        }
        let additional = |tag| self.additional().and_then(|template| template.value(tag));
        push(Register::StoreLabel, additional(3));
        push(Register::TerminalLabel, additional(7));
        ids
    }
}

/// Zeros may be an id, or a level of one.
fn is_id(value: &str) -> bool {
    !value.is_empty() && !matches!(value, "***" | "NA" | "-")
}
