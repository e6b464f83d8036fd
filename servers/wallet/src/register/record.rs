//! A store as a source has it, and what of a source cannot be read.

use std::{collections::BTreeMap, fmt, io};

use domain::{Accepted, Address, Bssid, Currency, Position, Store, StoreId, Timestamp};

use super::{country::Country, text::plain};

/// A store as a source has it, before it has a currency and a beacon.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// The source's own reference, for instance `node/42`.
    pub reference: String,
    pub name: String,
    pub industry: String,
    /// The chain it is of, or what stands for that; empty when the source says none.
    pub brand: String,
    pub address: Address,
    /// Where it is, also when its address does not say so.
    pub country: Country,
    pub phone: String,
    pub position: Position,
    pub footprint: Vec<Position>,
    pub level: String,
    pub accepted: Accepted,
    pub access_points: Vec<Bssid>,
    /// When the source last changed it; 0 when nobody says.
    pub edited: Timestamp,
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

/// Why a record is left out whose position is 0, 0.
pub const NULL_ISLAND: &str = "its position is 0, 0, which stands for an unknown one";

/// Whether a position is the one that programs write for "unknown". Nothing is within 500 km of it;
/// a kilometre allows for conversions.
pub fn is_null_island(position: Position) -> bool {
    position.lat_e7().abs().max(position.lon_e7().abs()) < 100_000
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
        Self { place: plain(&place.into()), what: plain(&what.into()) }
    }

    /// A file that cannot be opened.
    pub(crate) fn unopened(error: &io::Error) -> Self {
        Self::new("the file", format!("cannot be opened: {}", error.kind()))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}
