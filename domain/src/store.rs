//! Stores of the register.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Accepted, Bssid, Currency};

/// Degrees to the integers the cache and the wire use: 1e-7 degree is 11 mm on the ground.
const E7: f64 = 1e7;

/// A point on the earth (WGS 84) in units of 1e-7 degree, always in range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "(i32, i32)", into = "(i32, i32)")]
pub struct Position {
    lat_e7: i32,
    lon_e7: i32,
}

/// A latitude outside -90..=90, a longitude outside -180..=180, or a value that is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("position is not on the earth")]
pub struct PositionError;

impl Position {
    /// From degrees.
    ///
    /// # Errors
    /// [`PositionError`] for NaN, infinities and anything out of range.
    pub fn from_degrees(lat: f64, lon: f64) -> Result<Self, PositionError> {
        if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon) {
            Ok(Self { lat_e7: (lat * E7).round() as i32, lon_e7: (lon * E7).round() as i32 })
        } else {
            Err(PositionError)
        }
    }

    /// From units of 1e-7 degree.
    ///
    /// # Errors
    /// [`PositionError`] when out of range.
    pub const fn from_e7(lat_e7: i32, lon_e7: i32) -> Result<Self, PositionError> {
        if lat_e7.unsigned_abs() <= 900_000_000 && lon_e7.unsigned_abs() <= 1_800_000_000 {
            Ok(Self { lat_e7, lon_e7 })
        } else {
            Err(PositionError)
        }
    }

    /// Degrees north.
    pub fn lat(self) -> f64 {
        f64::from(self.lat_e7) / E7
    }

    /// Degrees east.
    pub fn lon(self) -> f64 {
        f64::from(self.lon_e7) / E7
    }

    /// 1e-7 degrees north.
    pub const fn lat_e7(self) -> i32 {
        self.lat_e7
    }

    /// 1e-7 degrees east.
    pub const fn lon_e7(self) -> i32 {
        self.lon_e7
    }
}

impl TryFrom<(i32, i32)> for Position {
    type Error = PositionError;

    fn try_from((lat_e7, lon_e7): (i32, i32)) -> Result<Self, PositionError> {
        Self::from_e7(lat_e7, lon_e7)
    }
}

impl From<Position> for (i32, i32) {
    fn from(position: Position) -> Self {
        (position.lat_e7, position.lon_e7)
    }
}

/// Identifies a store everywhere: in the register, in the cache, in its signed store code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoreId(pub Uuid);

impl StoreId {
    /// The name space in which store ids are made (a random UUID, fixed for ever).
    const NAMESPACE: Uuid = Uuid::from_u128(0x7b0e_6a52_39c4_4d1f_9a68_d2f1_c05e_8b37);

    /// The id of the record `reference` of `source`, for instance `osm`, `node/42`. The same
    /// record always gets the same id, so that a second import updates and never duplicates.
    pub fn of_record(source: &str, reference: &str) -> Self {
        Self(Uuid::new_v5(&Self::NAMESPACE, format!("{source}:{reference}").as_bytes()))
    }
}

impl std::fmt::Display for StoreId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A postal address as the source wrote it; empty parts are unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Street and house number, in the order of the country.
    pub street: String,
    /// Postal code.
    pub postal_code: String,
    /// City.
    pub city: String,
    /// ISO 3166 alpha-2, upper case.
    pub country: String,
}

impl Address {
    /// The known parts in one line, separated by commas; empty when nothing is known.
    pub fn line(&self) -> String {
        let place = [self.postal_code.as_str(), self.city.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        [self.street.as_str(), place.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// One store of the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// Made from the source's own reference by [`StoreId::of_record`].
    pub id: StoreId,
    /// The source's own reference, for instance `osm:node/42`.
    pub reference: String,
    /// As on the sign; empty when the source names none.
    pub name: String,
    /// What it sells, in the source's words: `amenity=cafe`, `shop=fishing`.
    pub industry: String,
    /// Where it is, in words.
    pub address: Address,
    /// As the source wrote it; empty when unknown.
    pub phone: String,
    /// Where it is.
    pub position: Position,
    /// The outline of the building it is in, first point not repeated; empty when unknown.
    pub footprint: Vec<Position>,
    /// The floor as the source wrote it (`0`, `-1`, `0;1`); empty when unknown.
    pub level: String,
    /// The currency of the till.
    #[serde(deserialize_with = "crate::currency::deserialize")]
    pub currency: Currency,
    /// What it takes.
    pub accepted: Accepted,
    /// The (major, minor) of its beacon under the network's UUID.
    pub beacon: Option<(u16, u16)>,
    /// Its Wi-Fi access points, where the source names them.
    #[serde(default)]
    pub access_points: Vec<Bssid>,
    /// What must be shown with this record, for instance "© OpenStreetMap contributors".
    pub attribution: String,
    /// The licence of the record, SPDX where there is one (`ODbL-1.0`).
    pub licence: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_off_the_earth_is_refused() {
        for (lat, lon) in
            [(90.1, 0.0), (-91.0, 0.0), (0.0, 180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)]
        {
            assert_eq!(Position::from_degrees(lat, lon), Err(PositionError));
        }
        assert_eq!(Position::from_e7(i32::MIN, 0), Err(PositionError));
        assert!(serde_json::from_str::<Position>("[900000001, 0]").is_err());
    }

    #[test]
    fn the_same_record_always_gets_the_same_store_id() {
        let id = StoreId::of_record("osm", "node/42");
        assert_eq!(id, StoreId::of_record("osm", "node/42"));
        assert_ne!(id, StoreId::of_record("osm", "way/42"));
    }
}
