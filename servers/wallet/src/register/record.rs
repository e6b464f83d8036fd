use std::{collections::BTreeMap, fmt};

use domain::{Accepted, Address, Bssid, Currency, Position, Store, StoreId};
use iso_currency::IntoEnumIterator;

/// A store as a source has it, before it has a currency and a beacon.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// The source's own reference, for instance `node/42`.
    pub reference: String,
    pub name: String,
    pub industry: String,
    pub address: Address,
    pub phone: String,
    pub position: Position,
    pub footprint: Vec<Position>,
    pub level: String,
    pub accepted: Accepted,
    pub access_points: Vec<Bssid>,
    /// Payment keys and values that were not understood, and how often.
    pub strange: BTreeMap<String, u64>,
    pub attribution: String,
    pub licence: String,
}

impl Record {
    /// The store it is in the register of `source`, with the till's `currency`.
    pub fn into_store(self, source: &str, currency: Currency) -> Store {
        Store {
            id: StoreId::of_record(source, &self.reference),
            reference: format!("{source}:{}", self.reference),
            name: self.name,
            industry: self.industry,
            address: self.address,
            phone: self.phone,
            position: self.position,
            footprint: self.footprint,
            level: self.level,
            currency,
            accepted: self.accepted,
            beacon: None,
            access_points: self.access_points,
            attribution: self.attribution,
            licence: self.licence,
        }
    }
}

/// The currency a country (ISO 3166 alpha-2) pays in; `None` for what is no country.
pub(crate) fn currency_of(country: &str) -> Option<Currency> {
    if country.is_empty() {
        return None;
    }
    let paid_in = |currency: &Currency| {
        !currency.is_fund()
            && !currency.is_special()
            && currency.is_superseded().is_none()
            && currency.used_by().iter().any(|user| user.to_string() == country)
    };
    // Where two are in use, the country's own begins with its code.
    Currency::iter().filter(paid_in).max_by_key(|currency| currency.code().starts_with(country))
}

/// Something in a file that could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Where in the file: a byte, a feature, a row and column.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

impl Trouble {
    pub(crate) fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}
