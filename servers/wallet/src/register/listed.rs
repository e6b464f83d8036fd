//! A store out of a list that uses OpenStreetMap's keys but is not OpenStreetMap's.

use std::collections::BTreeMap;

use domain::{Bssid, Position, Source, Timestamp};

use super::{
    address::{address, phone},
    claims::claims,
    country::Country,
    kind::{Kind, kind},
    record::{NULL_ISLAND, Record, is_null_island},
    tags::{BRAND, Tags, payment_checked},
};

/// What holds for every record of a list.
#[derive(Clone, Debug)]
pub struct About {
    /// What must be shown with them.
    pub attribution: String,
    /// Their licence.
    pub licence: String,
    /// When what they say was true, unless they say it themselves.
    pub as_of: Timestamp,
}

/// Access points kept of one store.
const MAX_ACCESS_POINTS: usize = 16;

/// Why a record of a list is left out.
pub const NO_STORE: &str = "neither a name nor a kind of store";
/// Why a store of a list is left out.
const CLOSED: &str = "closed for good, not yet open or vacant";

/// A store out of a list: `name`, `brand`, `shop`, `amenity`, `tourism` (or `industry`, free text),
/// `addr:*`, `phone`, `level`, `payment:*`, `access_points` (addresses with `;` between them), and
/// `id`, the list's own, or `own_id` of the record around them.
///
/// # Errors
/// Why it is left out.
pub fn listed(
    tags: &Tags,
    own_id: Option<String>,
    (position, footprint): (Position, Vec<Position>),
    about: &About,
) -> Result<Record, &'static str> {
    if is_null_island(position) {
        return Err(NULL_ISLAND);
    }
    let name = tags.first(&["name", "brand"]);
    let industry = match kind(&tags.iter().collect::<Vec<_>>(), about.as_of) {
        Kind::Closed => return Err(CLOSED),
        Kind::Store(industry) => industry,
        Kind::Other(_) | Kind::None => tags.first(&["industry"]),
    };
    if name.is_empty() && industry.is_empty() {
        return Err(NO_STORE);
    }
    let reference = tags.get("id").map(str::to_owned).or(own_id).unwrap_or_else(|| {
        // Without an id of its own a record is known by its name and place, wherever it stands in
        // the file: what it stands beside may change from one export to the next.
        let called = if name.is_empty() { &industry } else { &name };
        format!("{called}@{},{}", position.lat_e7(), position.lon_e7())
    });
    let as_of = payment_checked(tags, about.as_of).unwrap_or(about.as_of);
    let country = Country::of(tags, position);
    let said = tags.iter().filter_map(|(key, value)| match key {
        key if key.starts_with("payment:") => flag(value).map(|value| (key, value)),
        key => Some((key, value)),
    });
    let mut strange = BTreeMap::new();
    let accepted = claims(said, country.code, Source::Register, as_of, &mut strange);
    Ok(Record {
        reference: reference.chars().take(255).collect(),
        name,
        industry,
        brand: tags.first(&BRAND),
        address: address(tags, &country),
        country,
        phone: phone(tags),
        position,
        footprint,
        level: tags.first(&["level"]),
        accepted,
        edited: about.as_of,
        access_points: access_points(tags, &mut strange),
        strange,
        attribution: about.attribution.clone(),
        licence: about.licence.clone(),
    })
}

/// What a payment field says. `false` and `0` also stand for "not stated" in such lists, so they
/// say nothing; `no` is an answer.
fn flag(text: &str) -> Option<&str> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "1.0" | "yes" | "y" | "t" => Some("yes"),
        "false" | "0" | "0.0" | "f" | "" | "null" | "nan" => None,
        "no" | "n" => Some("no"),
        _ => Some(text),
    }
}

/// The addresses that are any; the others are counted among what was not understood.
fn access_points(tags: &Tags, strange: &mut BTreeMap<String, u64>) -> Vec<Bssid> {
    let listed = tags.first(&["access_points"]);
    let named = listed.split(';').map(str::trim).filter(|text| !text.is_empty());
    let mut known = Vec::new();
    for text in named {
        match Bssid::parse(text) {
            Some(address) if known.len() < MAX_ACCESS_POINTS => known.push(address),
            Some(_) => break,
            None => *strange.entry("access_points".to_owned()).or_default() += 1,
        }
    }
    known
}
